package dev.gretchen.verifier.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.verdict.Outcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunsTextTest {

  private static final long START = 1_770_127_506_000L;

  @Test
  void putsRunsIntoColumns() {
    RunsAnswer answer =
        answer(
            Map.of(Outcome.PASS, 299L, Outcome.UNKNOWN, 1L),
            new FailureRate(299, 0, 0.00997),
            List.of(
                entry("word-colors/20260203T140506Z-42", Outcome.PASS, 0.98765, 1_234),
                entry("word-colors/20260203T140506Z-7", null, -1, -1)));

    assertThat(RunsText.runs(answer))
        .isEqualTo(
            """
            began (UTC)       verdict  app          events  faults      up  p99 ms  directory
            2026-02-03 14:05  PASS     word-colors  12,345       3  98.8 %   1,234  word-colors/20260203T140506Z-42
            2026-02-03 14:05  none     word-colors  12,345       3       -       -  word-colors/20260203T140506Z-7

            300 runs with a verdict: 299 PASS, 1 UNKNOWN.
            With 95 % confidence, at most 0.997 % of such runs fail.
            """);
  }

  @Test
  void saysSoWhereNothingIsMeantOrDecided() {
    assertThat(RunsText.runs(answer(Map.of(), FailureRate.of(0, 0), List.of())))
        .isEqualTo("No run with a verdict is meant.\n");
    assertThat(RunsText.runs(answer(Map.of(Outcome.UNKNOWN, 1L), FailureRate.of(0, 0), List.of())))
        .isEqualTo(
            """
            1 run with a verdict: 1 UNKNOWN.
            None of them was decided, so they say nothing of how many fail.
            """);
  }

  @Test
  void putsFaultsIntoColumns() {
    Percentiles silence = new Percentiles(20, 158, 308, 345, 1_345);
    Percentiles none = Percentiles.of(List.of());
    RunsAnswer answer =
        new RunsAnswer(
            Map.of(Outcome.PASS, 20L),
            FailureRate.of(20, 0),
            List.of(),
            List.of(),
            List.of(
                new FaultFigures("kill-owner", 20, 20, silence, silence, silence, silence),
                new FaultFigures("slow-link", 3, 0, none, none, none, none)));

    assertThat(RunsText.faults(answer))
        .startsWith(
            """
            fault       times  silence p50  p90  p99   most  others p99  detected p50  first output p50
            kill-owner     20          158  308  345  1,345         345           158               158
            slow-link       3            -    -    -      -           -             -                 -
            """);
  }

  @Test
  void namesEachViolationWithAnExample() {
    RunsAnswer answer =
        new RunsAnswer(
            Map.of(Outcome.FAIL, 2L),
            FailureRate.of(2, 2),
            List.of(),
            List.of(
                new Violation(
                    "stream-exact:colors doubled after kill-owner",
                    2,
                    5,
                    START,
                    START,
                    "word-colors/run-9",
                    "Key green repeats event #342.")),
            List.of());

    assertThat(RunsText.violations(answer))
        .isEqualTo(
            """
            stream-exact:colors doubled after kill-owner
              in 2 runs, first 2026-02-03 14:05, last 2026-02-03 14:05 in word-colors/run-9:
              Key green repeats event #342.

            2 runs with a verdict: 2 FAIL.
            With 95 % confidence, at most 100 % of such runs fail.
            """);
  }

  @Test
  void putsTrendsIntoColumns() {
    Percentiles silence = new Percentiles(20, 158, 308, 345, 1_345);
    FaultFigures kills = new FaultFigures("kill-owner", 20, 20, silence, silence, silence, silence);
    Trend before = new Trend("c1", START, 9, 1, 5_000, 12, 900, 0.9876, -1, -1, List.of());
    Trend after =
        new Trend("c2", START, 300, 0, 5_100, 11, 800, 1, 250L << 20, 3L << 20, List.of(kills));

    assertThat(RunsText.trends(List.of(before, after)))
        .startsWith(
            """
            commit  since (UTC)       runs  failed  events/s  p50 ms  p99 ms      up  silence p50  p99  MiB  MiB/h
            c2      2026-02-03 14:05   300       0     5,100      11     800   100 %          158  345  250      3
            c1      2026-02-03 14:05     9       1     5,000      12     900  98.8 %            -    -    -      -
            """);
    assertThat(RunsText.trends(List.of())).isEqualTo("No run with a verdict is meant.\n");
  }

  private static RunEntry entry(String path, @Nullable Outcome outcome, double up, long p99) {
    return new RunEntry(
        path,
        "word-colors",
        42,
        outcome,
        "",
        "exactly-once",
        START,
        START,
        12_345,
        3,
        3,
        up,
        p99,
        "",
        RunFigures.NONE);
  }

  private static RunsAnswer answer(
      Map<Outcome, Long> outcomes, FailureRate rate, List<RunEntry> runs) {
    return new RunsAnswer(outcomes, rate, runs, List.of(), List.of());
  }
}
