package dev.gretchen.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FanoutSummaryTest {

  @Test
  void theMostIsThatOfTheStepsThatWereSustained() {
    FanoutSummary summary =
        FanoutSummary.of(
            List.of(
                line(FanoutSide.LOOP, FanoutSummary.CALM, 100, 100, 5, 0),
                line(FanoutSide.LOOP, FanoutSummary.HOT, 40_000, 40_000, 100, 0),
                line(FanoutSide.LOOP, FanoutSummary.HOT, 80_000, 77_000, 1_900, 0),
                line(FanoutSide.LOOP, FanoutSummary.HOT, 110_000, 90_000, 1_000, 0),
                line(FanoutSide.CHAT, FanoutSummary.CALM, 100, 100, 9, 0),
                line(FanoutSide.CHAT, FanoutSummary.HOT, 70_000, 70_000, 1_000, 0),
                line(FanoutSide.CHAT, FanoutSummary.HOT, 80_000, 80_000, 2_001, 0),
                line(FanoutSide.CHAT, FanoutSummary.HOT, 80_000, 80_000, 100, 1)));

    assertThat(summary.rows())
        .extracting(row -> row.most().orElseThrow().delivered())
        .containsExactly(77_000.0, 70_000.0);
    assertThat(summary.ratios())
        .extracting(FanoutSummary.Ratio::line)
        .containsExactly("ratio 0.91  deliveries, feed-chat against a bare loop");
    assertThat(summary.isComplete()).isFalse();
  }

  @Test
  void aSideThatKeepsUpWithNothingHasNoNumber() {
    FanoutSummary summary =
        FanoutSummary.of(
            List.of(
                line(FanoutSide.LOOP, FanoutSummary.CALM, 100, 100, 5, 0),
                line(FanoutSide.LOOP, FanoutSummary.HOT, 40_000, 10_000, 100, 0)));

    assertThat(summary.rows().getFirst().most()).isEmpty();
    assertThat(summary.ratios()).isEmpty();
  }

  private static FanoutLine line(
      FanoutSide side, String step, double due, double delivered, long p99, long lost) {
    return new FanoutLine(side.word(), step, 1, due, delivered, delivered, 1, p99, 20_000, lost);
  }
}
