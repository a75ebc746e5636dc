package dev.gretchen.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnrichmentSummaryTest {

  private static final EnrichmentOptions OPTIONS = options(256);

  private final List<EnrichmentLine> lines = new ArrayList<>();

  @Test
  void comparesTheMediansOfManyCallsWithOneAndOfExactlyOnceWithAtLeastOnce() {
    lap(EnrichmentSide.ONE, 18, 20, 19);
    lap(EnrichmentSide.MANY, 4_000, 3_800, 5_000);
    lap(EnrichmentSide.MANY_AT_LEAST_ONCE, 4_000, 4_100, 4_300);
    lap(EnrichmentSide.ONE_HTTP, 18, 18, 18);
    lap(EnrichmentSide.MANY_HTTP, 1_800, 1_800, 1_700);
    EnrichmentSummary summary = EnrichmentSummary.of(OPTIONS, lines);

    assertThat(summary.voids()).isEmpty();
    assertThat(summary.ratios(OPTIONS).stream().map(EnrichmentSummary.Ratio::line))
        .containsExactly(
            "ratio 210.53  256 calls of 50 ms at a time against one, exactly once",
            "ratio 100.00  256 calls of 50 ms at a time against one, exactly once, over HTTP",
            "ratio 0.98  exactly once against at least once");
  }

  @Test
  void givesASideNoNumberThatAnsweredWrongOnce() {
    lap(EnrichmentSide.ONE, 20);
    lap(EnrichmentSide.MANY, 4_000);
    lines.add(new EnrichmentLine("many", 256, 2, "expected '7 1', found '7 2'", 7, 5_000));
    lap(EnrichmentSide.MANY_AT_LEAST_ONCE, 4_000);
    EnrichmentSummary summary = EnrichmentSummary.of(OPTIONS, lines);

    assertThat(summary.voids())
        .extracting(EnrichmentSummary.Row::wrong)
        .containsExactly("expected '7 1', found '7 2'", "it did not run", "it did not run");
    assertThat(summary.ratios(OPTIONS)).isEmpty();
    assertThat(
            EnrichmentPage.part(
                OPTIONS, summary, new Machine("2 cores"), Instant.parse("2026-01-02T03:04:05Z")))
        .contains(
            "2026-01-02, on 2 cores.",
            "| one at a time, exactly once | 1 | 20 (20 to 20) |",
            "| many at a time, exactly once | 256 | void: expected '7 1', found '7 2' |");
  }

  @Test
  void aSideHasOrdersForItsWarmUpAndItsLap() {
    assertThat(OPTIONS.orders(1)).isEqualTo(20 + 200);
    assertThat(OPTIONS.orders(256)).isEqualTo(20 * 256 + 200 * 256);
    assertThatThrownBy(() -> options(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--concurrency: expected 2 to 1,000, found 1");
  }

  private void lap(EnrichmentSide side, double... perSecond) {
    for (double each : perSecond) {
      lines.add(new EnrichmentLine(side.word(), side.calls(OPTIONS), 1, "", 100, each));
    }
  }

  private static EnrichmentOptions options(int concurrency) {
    return new EnrichmentOptions(
        Path.of("."),
        concurrency,
        50,
        1_000,
        3,
        10,
        false,
        Path.of("out"),
        Path.of("results.md"),
        List.of("./gretchen", "bench", "enrichment"));
  }
}
