package dev.gretchen.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

  private static final Workload WORKLOAD = new Workload(Stage.COUNT, 1_000, 10_000);
  private static final List<Side> SIDES = List.of(Side.ENGINE, Side.STREAMS, Side.FLOOR);

  @Test
  void aRatioIsThatOfTheMedians() {
    Summary summary =
        Summary.of(
            List.of(WORKLOAD),
            SIDES,
            List.of(
                run(Side.ENGINE, 100, ""),
                run(Side.ENGINE, 300, ""),
                run(Side.ENGINE, 1_000, ""),
                run(Side.STREAMS, 100, ""),
                run(Side.STREAMS, 200, ""),
                run(Side.FLOOR, 600, "")));
    assertThat(summary.ratios()).extracting(Summary.Ratio::ratio).containsExactly(2.0, 0.5);
    assertThat(summary.ratios().getFirst().lines())
        .hasSize(2)
        .allMatch(line -> line.endsWith("of Kafka Streams, default (count, 1,000 keys)"))
        .first()
        .asString()
        .startsWith("ratio 2.00  records/s");
    assertThat(summary.voids()).isEmpty();
  }

  @Test
  void oneWrongAnswerVoidsTheNumberOfItsSide() {
    Summary summary =
        Summary.of(
            List.of(WORKLOAD),
            SIDES,
            List.of(
                run(Side.ENGINE, 900, ""),
                run(Side.STREAMS, 100, ""),
                run(Side.STREAMS, 5_000, "key c7 is too low"),
                run(Side.FLOOR, 600, "")));
    assertThat(summary.voids()).extracting(Summary.Row::side).containsExactly(Side.STREAMS);
    assertThat(summary.ratios()).extracting(Summary.Ratio::other).containsExactly(Side.FLOOR);
    assertThat(page(summary)).contains("void: key c7 is too low").doesNotContain("5,000 (");
    assertThat(BarChart.of(summary)).contains(">void<").endsWith("</svg>\n");
  }

  @Test
  void aWrongAnswerOfTheEngineLeavesNoRatioAtAll() {
    Summary summary =
        Summary.of(
            List.of(WORKLOAD),
            SIDES,
            List.of(run(Side.ENGINE, 900, "wrong"), run(Side.STREAMS, 100, "")));
    assertThat(summary.ratios()).isEmpty();
    assertThat(summary.voids())
        .extracting(Summary.Row::side)
        .containsExactly(Side.ENGINE, Side.FLOOR);
  }

  @Test
  void thePageTakesTheNewPartAndKeepsTheRest() {
    String once = ResultsPage.placed("# Mine\n\nabove\n", "first\n");
    String twice = ResultsPage.placed(once + "below\n", "second\n");
    assertThat(twice).contains("above", "second", "below").doesNotContain("first");
  }

  @Test
  void medianAndSpread() {
    assertThat(Spread.of(3, 1, 2)).isEqualTo(new Spread(2, 1, 3));
    assertThat(Spread.of(4, 2)).isEqualTo(new Spread(3, 2, 4));
    assertThat(Spread.of(1_234_567).whole()).isEqualTo("1,234,567 (1,234,567 to 1,234,567)");
    assertThatThrownBy(Spread::of).hasMessageContaining("no measurement");
  }

  private static String page(Summary summary) {
    ThroughputOptions options =
        new ThroughputOptions(
            new ThroughputOptions.Homes(Path.of("."), null),
            List.of(WORKLOAD),
            new LinkedHashSet<>(SIDES),
            1,
            Path.of("out"),
            Path.of("results.md"),
            true,
            false,
            List.of("./gretchen", "bench", "throughput"));
    return ResultsPage.part(options, summary, new Machine("a machine"), Instant.EPOCH);
  }

  private static RunLine run(Side side, double rate, String wrong) {
    return new RunLine("count", 1_000, side.word(), 1, wrong, 7_500, 1, rate, 1, 1, 1, 1, 1, 1);
  }
}
