package dev.gretchen.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TakeoverSummaryTest {

  private static final List<TakeoverSide> SIDES =
      List.of(TakeoverSide.ENGINE, TakeoverSide.STREAMS_TUNED);

  @Test
  void countsBeyondTheUsualSilenceOfTheSameSide() {
    TakeoverSummary.Row row = summary(hundred()).rows().getFirst();
    assertThat(row.usual()).isEqualTo(100);
    assertThat(row.beyond(0.5)).isEqualTo(150);
    assertThat(row.beyond(0.9)).isEqualTo(190);
    assertThat(row.beyond(0.99)).isEqualTo(199);
    assertThat(row.beyond(1)).isEqualTo(200);
    assertThat(row.collateral()).as("99th percentiles, not medians").isEqualTo(30);
    assertThat(row.phases()).containsEntry("detected", 40L);
  }

  @Test
  void aRatioIsThatOfTheMediansBeyond() {
    List<TakeoverLine> lines = new ArrayList<>(hundred());
    lines.add(line(TakeoverSide.STREAMS_TUNED, 4_700, 200, ""));
    TakeoverSummary summary = summary(lines);
    assertThat(summary.ratios()).extracting(TakeoverSummary.Ratio::ratio).containsExactly(30.0);
    assertThat(summary.ratios().getFirst().line())
        .startsWith("ratio 30.0  ")
        .contains("Kafka Streams, tuned", "kill -9");
  }

  @Test
  void saysWhatWasReplayedInAllWhereTheSideTellsIt() {
    List<TakeoverLine> lines = new ArrayList<>(hundred());
    lines.add(line(TakeoverSide.STREAMS_TUNED, 4_700, 200, ""));
    assertThat(summary(lines).rows())
        .extracting(TakeoverSummary.Row::replayed)
        .containsExactly(200L, -1L);
    assertThat(page(lines)).contains("| +30 | 200 |", "| not told |");
  }

  @Test
  void oneWrongAnswerVoidsTheSide() {
    List<TakeoverLine> lines = new ArrayList<>(hundred());
    lines.add(
        TakeoverLine.without(TakeoverSide.ENGINE, TakeoverFault.KILL, 0, "key c1 is too low"));
    TakeoverSummary summary = summary(lines);
    assertThat(summary.voids())
        .extracting(TakeoverSummary.Row::wrong)
        .containsExactly("key c1 is too low", "it did not run");
    assertThat(summary.ratios()).isEmpty();
  }

  @Test
  void thePageHoldsAPartForEachKindOfFault() {
    String kill = ResultsPage.placed("# Results\n", "takeover-kill", page(hundred()));
    assertThat(kill)
        .contains("| the engine | 100 | 100 | 150 | 190 | 199 | 200 | +30 | 200 |")
        .contains("| Kafka Streams, tuned | void: it did not run |")
        .contains("![silence after each fault](takeover-kill.svg)");
    String both = ResultsPage.placed(kill, "takeover-pause", "paused\n");
    assertThat(ResultsPage.placed(both, "takeover-kill", "killed\n"))
        .contains("killed\n", "paused\n")
        .doesNotContain("the engine");
  }

  @Test
  void thePictureHasADotForEachFault() {
    assertThat(TakeoverChart.of(summary(hundred())).lines().filter(l -> l.contains("\"own\"")))
        .hasSize(100);
  }

  @Test
  void aSideThatThereIsNotIsRefusedByName() {
    assertThatThrownBy(() -> TakeoverSide.parse("engine,flink"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("streams-tuned")
        .hasMessageContaining("'flink'");
  }

  /// Silences of 201 to 300 ms, usually 100.
  private static List<TakeoverLine> hundred() {
    List<TakeoverLine> lines = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      lines.add(line(TakeoverSide.ENGINE, 200 + i, 100, ""));
    }
    return lines;
  }

  private static TakeoverLine line(TakeoverSide side, long silence, long usual, String wrong) {
    return new TakeoverLine(
        side.word(),
        "kill",
        1,
        wrong,
        "w1",
        5,
        silence,
        usual,
        150,
        120,
        side == TakeoverSide.ENGINE ? 2 : -1,
        Map.of("detected", 40L));
  }

  private static TakeoverSummary summary(List<TakeoverLine> lines) {
    return TakeoverSummary.of(TakeoverFault.KILL, SIDES, lines);
  }

  private static String page(List<TakeoverLine> lines) {
    TakeoverOptions options =
        new TakeoverOptions(
            Path.of("."),
            TakeoverFault.KILL,
            new LinkedHashSet<>(SIDES),
            null,
            false,
            10_000,
            2_000,
            Path.of("out"),
            Path.of("results.md"),
            List.of("./gretchen", "bench", "takeover"));
    return TakeoverPage.part(options, summary(lines), new Machine("2 cores"), Instant.EPOCH);
  }
}
