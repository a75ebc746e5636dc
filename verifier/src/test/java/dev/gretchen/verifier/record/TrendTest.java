package dev.gretchen.verifier.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.verdict.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrendTest {

  private static final long DAY = Duration.ofDays(1).toMillis();

  @Test
  void takesTheMedianOfACommitsRunsAndTheMostOfTheirMemory() {
    List<RunEntry> runs =
        List.of(
            run("a", 1, Outcome.PASS, "c1", new RunFigures(100, 10, 500, 1)),
            run("b", 2, Outcome.FAIL, "c1", new RunFigures(300, 30, 900, 3)),
            run("c", 3, Outcome.PASS, "c1", new RunFigures(200, 20, 700, 2)),
            run("d", 4, Outcome.PASS, "c2", new RunFigures(400, 40, -1, -1)));

    List<Trend> trends = Trend.of(runs, Map.of(), Grouping.COMMIT);

    assertThat(trends).extracting(Trend::group).containsExactly("c1", "c2");
    Trend first = trends.getFirst();
    assertThat(first.runs()).isEqualTo(3);
    assertThat(first.failed()).isEqualTo(1);
    assertThat(first.firstAt()).isEqualTo(1);
    assertThat(first.eventsPerSecond()).isEqualTo(200);
    assertThat(first.p50Millis()).isEqualTo(20);
    assertThat(first.p99Millis()).isEqualTo(77);
    assertThat(first.availability()).isEqualTo(0.5);
    assertThat(first.residentMaxBytes()).isEqualTo(900);
    assertThat(first.growthBytesPerHour()).isEqualTo(3);
    assertThat(trends.getLast().residentMaxBytes()).isEqualTo(RunEntry.NOT_MEASURED);
  }

  @Test
  void putsTheFaultsOfAGroupsRunsTogetherByKind() {
    List<RunEntry> runs =
        List.of(
            run("a", 1, Outcome.PASS, "c1", RunFigures.NONE),
            run("b", 2, Outcome.PASS, "c1", RunFigures.NONE));
    Map<String, List<FaultRow>> faults =
        Map.of(
            "a", List.of(fault("pause", 900), fault("kill-owner", 300)),
            "b", List.of(fault("kill-owner", 500)),
            "elsewhere", List.of(fault("kill-owner", 9_000)));

    List<FaultFigures> figures = Trend.of(runs, faults, Grouping.COMMIT).getFirst().faults();

    assertThat(figures).extracting(FaultFigures::kind).containsExactly("kill-owner", "pause");
    assertThat(figures.getFirst().times()).isEqualTo(2);
    assertThat(figures.getFirst().silence()).isEqualTo(new Percentiles(2, 200, 400, 400, 400));
  }

  @Test
  void groupsByRunAndByDay() {
    List<RunEntry> runs =
        List.of(
            run("a", DAY - 1, Outcome.PASS, "c1", RunFigures.NONE),
            run("b", DAY, Outcome.PASS, "c1", RunFigures.NONE),
            run("c", DAY + 1, Outcome.PASS, "", RunFigures.NONE));

    assertThat(Trend.of(runs, Map.of(), Grouping.DAY))
        .extracting(Trend::group)
        .containsExactly("1970-01-01", "1970-01-02");
    assertThat(Trend.of(runs, Map.of(), Grouping.RUN))
        .extracting(Trend::group)
        .containsExactly("a", "b", "c");
    assertThat(Trend.of(runs, Map.of(), Grouping.COMMIT))
        .extracting(Trend::group)
        .containsExactly("c1", Grouping.UNKNOWN);
  }

  @Test
  void leavesOutWhatHasNoVerdictOrNeverBegan() {
    List<RunEntry> runs =
        List.of(
            run("a", 1, null, "c1", RunFigures.NONE),
            run("b", 0, Outcome.HARNESS_ERROR, "c1", RunFigures.NONE));

    assertThat(Trend.of(runs, Map.of(), Grouping.COMMIT)).isEmpty();
  }

  private static RunEntry run(
      String path, long at, @Nullable Outcome outcome, String commit, RunFigures figures) {
    return new RunEntry(
        path, "app", 1, outcome, "", "exactly-once", at, at, 10, 0, 0, 0.5, 77, commit, figures);
  }

  private static FaultRow fault(String kind, long owned) {
    return new FaultRow(kind, owned, null, 100L, null, null);
  }
}
