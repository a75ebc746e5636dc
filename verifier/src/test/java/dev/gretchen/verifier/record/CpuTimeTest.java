package dev.gretchen.verifier.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.truth.CpuSample;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuTimeTest {

  @Test
  void addsUpWhatEachWorkerTookSinceItWasFirstLookedAt() {
    assertThat(
            millis(
                new CpuSample(1, "w1", 2_000),
                new CpuSample(1, "w2", 3_000),
                new CpuSample(2, "w1", 2_500),
                new CpuSample(3, "w1", 2_900),
                new CpuSample(3, "w2", 3_100)))
        .isEqualTo(900 + 100);
  }

  @Test
  void beginsAnewWithAnotherProcess() {
    assertThat(
            millis(
                new CpuSample(1, "w1", 2_000),
                new CpuSample(2, "w1", 2_500),
                new CpuSample(3, "w1", 700),
                new CpuSample(4, "w1", 750)))
        .isEqualTo(500 + 50);
  }

  @Test
  void saysNothingOfProcessesThatWereLookedAtOnce() {
    assertThat(millis()).isEqualTo(RunEntry.NOT_MEASURED);
    assertThat(millis(new CpuSample(1, "w1", 2_000), new CpuSample(1, "w2", 2_000)))
        .isEqualTo(RunEntry.NOT_MEASURED);
  }

  private static long millis(CpuSample... samples) {
    return CpuTime.millis(List.of(samples).iterator());
  }
}
