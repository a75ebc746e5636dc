package dev.gretchen.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecoverySummaryTest {

  @Test
  void comparesMediansOfTheEngineWithEachOtherSide() {
    RecoverySummary summary =
        RecoverySummary.of(
            List.of(Side.ENGINE, Side.STREAMS),
            List.of(
                line("engine", 1, 2, 1.0, 1_000),
                line("engine", 2, 2, 1.0, 1_200),
                line("engine", 3, 99, 99, 99_000),
                line("streams", 1, 8, 2.0, 60_000),
                line("streams", 2, 8, 2.0, 60_000),
                line("streams", 3, 8, 2.0, 60_000)));

    assertThat(summary.voids()).isEmpty();
    assertThat(summary.ratios().stream().map(RecoverySummary.Ratio::line))
        .containsExactly(
            "ratio 4.00  records a second and core, empty disk (Kafka Streams, default)",
            "ratio 3.33  the same, with what the store tidies up afterwards (Kafka Streams, default)",
            "ratio 4.00  records a second, empty disk (Kafka Streams, default)",
            "ratio 50.00  how much sooner the first output comes, after kill -9 on the same disk (Kafka Streams, default)");
  }

  @Test
  void givesASideNoNumberThatFailedOnceOrAnsweredWrong() {
    RecoverySummary summary =
        RecoverySummary.of(
            List.of(Side.ENGINE, Side.STREAMS, Side.STREAMS_TUNED),
            List.of(
                line("engine", 1, 2, 1, 1_000),
                line("streams", 1, 8, 2, 60_000),
                RecoveryLine.without(Side.STREAMS, 0, "wrong answer: key c1 lacks an event")));

    assertThat(summary.voids())
        .extracting(RecoverySummary.Row::wrong)
        .containsExactly("wrong answer: key c1 lacks an event", "it did not run");
    assertThat(summary.ratios()).isEmpty();
  }

  private static RecoveryLine line(
      String side, int round, double seconds, double afterCpuSeconds, long firstMillis) {
    return new RecoveryLine(
        side,
        round,
        "",
        1_000_000,
        1 << 20,
        seconds,
        seconds,
        afterCpuSeconds,
        0,
        0,
        firstMillis,
        firstMillis,
        0);
  }
}
