package dev.gretchen.verifier.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.contract.LoadKind;
import dev.gretchen.verifier.contract.Partitioner;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ViewsTest {

  private static final LoadPlan PLAN =
      new LoadPlan(
          LoadShape.uniform(7, 1_000, Duration.ofSeconds(20), 8, "primary"), LoadKind.VIEWS);

  @Property(tries = 20)
  void equalSeedsGiveEqualLoads(@ForAll long seed) {
    LoadShape shape = LoadShape.uniform(seed, 100, Duration.ofSeconds(2), 4, "primary");
    String hash = new LoadPlan(shape, LoadKind.VIEWS).loadHash();
    assertThat(new LoadPlan(shape, LoadKind.VIEWS).loadHash()).isEqualTo(hash);
  }

  @Test
  void aUserStaysOnOneTopicInThePartitionOfTheKey() {
    Map<String, Integer> homes = new HashMap<>();
    Set<Integer> topics = new HashSet<>();
    for (long i = 0; i < PLAN.count(); i++) {
      LoadEvent event = PLAN.event(i);
      Integer before = homes.put(new String(event.key(), UTF_8), event.partition());
      assertThat(before == null || before == event.partition()).isTrue();
      assertThat(event.partition() % 8).isEqualTo(Partitioner.partition(event.key(), 8));
      assertThat(event.partition()).isEqualTo(PLAN.partitionOf(event.id()));
      topics.add(event.partition() / 8);
    }
    assertThat(topics).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(homes).hasSizeBetween(1_900, 2_000);
  }

  @Test
  void someAreRobotsAndSomeAreOldAndAFewAreVeryOld() {
    long robots = 0;
    long old = 0;
    long veryOld = 0;
    for (long i = 0; i < PLAN.count(); i++) {
      LoadEvent event = PLAN.event(i);
      boolean page = new String(event.value(), UTF_8).startsWith(Views.PAGE);
      assertThat(page).isEqualTo(PLAN.isColor(event.id()));
      robots += page ? 0 : 1;
      long age = PLAN.event(0).timestamp() + i - event.timestamp();
      old += age > 0 ? 1 : 0;
      veryOld += age > Views.DISORDER_MAX.toMillis() ? 1 : 0;
      assertThat(age).isBetween(-Views.STRAGGLE_MAX.toMillis(), Views.STRAGGLE_MAX.toMillis());
    }
    assertThat(robots).isBetween(450L, 750L);
    assertThat(old).isBetween(1_500L, 2_100L);
    assertThat(veryOld).isBetween(100L, 250L);
  }

  @Test
  void aFewPagesAreLookedAtAllTheTimeAndMostRarely() {
    Map<String, Integer> views = new HashMap<>();
    for (long i = 0; i < PLAN.count(); i++) {
      views.merge(new String(PLAN.event(i).value(), UTF_8), 1, Integer::sum);
    }
    assertThat(views.get("page-0")).isGreaterThan(2_000);
    assertThat(views.values().stream().filter(n -> n < 5).count()).isGreaterThan(300);
  }
}
