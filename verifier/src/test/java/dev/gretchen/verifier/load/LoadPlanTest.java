package dev.gretchen.verifier.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.contract.Palette;
import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LoadPlanTest {

  @Property
  void indexOfInvertsIdAndForeignIdsHaveNone(
      @ForAll long seed, @ForAll @LongRange(min = 0, max = 999) long index) {
    LoadPlan plan = plan(seed);
    assertThat(plan.indexOf(plan.id(index))).isEqualTo(index);
    assertThat(plan.indexOf(plan.id(1000))).isEqualTo(-1);
    assertThat(plan.indexOf(plan.id(-1))).isEqualTo(-1);
  }

  @Property(tries = 100)
  void equalSeedsGiveEqualLoadsAndOthersDoNot(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 999) int index) {
    LoadPlan one = plan(seed);
    LoadPlan two = plan(seed);
    assertThat(one.loadHash()).isEqualTo(two.loadHash()).isNotEqualTo(plan(seed + 1).loadHash());
    assertThat(one.event(index)).usingRecursiveComparison().isEqualTo(two.event(index));
    assertThat(one.event(index).partition())
        .isEqualTo(one.partitionOf(one.id(index)))
        .isBetween(0, 3);
  }

  @Test
  void fourFifthsAreColorsAndATenthIsOutOfOrder() {
    LoadPlan plan = new LoadPlan(LoadShape.uniform(7, 10_000, Duration.ofSeconds(10), 8, "css"));
    Palette css = Palette.parse("css");
    long colors = 0;
    long disordered = 0;
    long[] partitions = new long[8];
    long latest = plan.event(0).timestamp();
    for (long i = 0; i < plan.count(); i++) {
      LoadEvent event = plan.event(i);
      boolean accepted = css.accepts(new String(event.value(), UTF_8));
      assertThat(accepted).isEqualTo(plan.isColor(event.id()));
      colors += accepted ? 1 : 0;
      disordered += event.timestamp() < latest ? 1 : 0;
      assertThat(latest - event.timestamp()).isLessThanOrEqualTo(5_001);
      latest = Math.max(latest, event.timestamp());
      partitions[event.partition()]++;
    }
    assertThat(plan.count()).isEqualTo(100_000);
    assertThat(colors).isBetween(79_000L, 81_000L);
    assertThat(disordered).isBetween(9_000L, 11_000L);
    assertThat(Arrays.stream(partitions).boxed()).allMatch(n -> n > 12_000 && n < 13_000);
  }

  @Test
  void zipfMakesFewColorsFrequent() {
    LoadPlan plan =
        new LoadPlan(new LoadShape(7, 10_000, Duration.ofSeconds(2), 8, "synthetic:1000", 1.0));
    long first = 0;
    for (long i = 0; i < plan.count(); i++) {
      first += new String(plan.event(i).value(), UTF_8).equals("c0") ? 1 : 0;
    }
    assertThat(first).isBetween(1_800L, 2_500L);
  }

  private static LoadPlan plan(long seed) {
    return new LoadPlan(LoadShape.uniform(seed, 1_000, Duration.ofSeconds(1), 4, "primary"));
  }
}
