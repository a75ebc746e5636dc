package dev.gretchen.verifier.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.truth.MemorySample;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class FootprintTest {

  private static final long MIB = 1 << 20;
  private static final long HOUR_SECONDS = 3_600;

  private final List<MemorySample> samples = new ArrayList<>();

  @Test
  void tellsTheSteepestSlopeAndThePeak() {
    for (long second = 0; second <= 600; second++) {
      sample(second, "w1", 200 * MIB);
      sample(second, "w2", 300 * MIB + second * 36 * MIB / HOUR_SECONDS);
    }
    Footprint footprint = Footprint.of(samples.iterator());

    assertThat(footprint.mostBytes()).isEqualTo(306 * MIB);
    assertThat(footprint.growthBytesPerHour()).isCloseTo(36 * MIB, Percentage.withPercentage(1));
  }

  /// A peak in the middle, warm-up at the start: neither is growth.
  @Test
  void isBentNeitherByAPeakNorByTheStart() {
    for (long second = 0; second <= 600; second++) {
      sample(second, "w1", (second < 50 ? 100 + 2 * second : 200) * MIB);
    }
    samples.set(300, new MemorySample(300_000, "w1", 290 * MIB));

    Footprint footprint = Footprint.of(samples.iterator());
    assertThat(footprint.mostBytes()).isEqualTo(290 * MIB);
    assertThat(footprint.growthBytesPerHour()).isZero();
  }

  /// Each life grows; from one to the next it shrinks.
  @Test
  void isNotMisledByAWorkerThatBeginsAnew() {
    for (long second = 0; second <= 900; second++) {
      sample(second, "w1", 400 * MIB + second % 450 * 72 * MIB / HOUR_SECONDS);
      if (second == 449) {
        sample(450, "w1", 100 * MIB);
      }
    }
    assertThat(Footprint.of(samples.iterator()).growthBytesPerHour())
        .isCloseTo(72 * MIB, Percentage.withPercentage(2));
  }

  @Test
  void saysNothingOfWhatWasTooShort() {
    for (long second = 0; second < 299; second++) {
      sample(second, "w1", second * MIB);
    }
    assertThat(Footprint.of(samples.iterator()).growthBytesPerHour())
        .isEqualTo(RunEntry.NOT_MEASURED);
    assertThat(Footprint.of(List.<MemorySample>of().iterator())).isEqualTo(Footprint.NONE);
  }

  @Property(tries = 30)
  void neverTellsOfGrowthWhereNoneIs(@ForAll @LongRange(min = 1, max = 1L << 40) long bytes) {
    List<MemorySample> flat = new ArrayList<>();
    for (long second = 0; second < 400; second += 2) {
      flat.add(new MemorySample(second * 1_000, "w1", bytes));
    }
    assertThat(Footprint.of(flat.iterator())).isEqualTo(new Footprint(bytes, 0));
  }

  private void sample(long second, String worker, long bytes) {
    samples.add(new MemorySample(second * 1_000, worker, bytes));
  }
}
