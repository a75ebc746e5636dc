package dev.gretchen.dashboards.grafana;

import dev.gretchen.verifier.report.OpenMetrics;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Latency;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Situation;
import dev.gretchen.verifier.verdict.SkippedFault;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.List;
import java.util.Map;

/// A small verdict in which everything occurs once, rendered by the code that renders a run's.
final class RecordedVerdict {

  /// 2026-02-03 14:05:06 UTC
  private static final long START = 1_770_127_506_000L;

  private RecordedVerdict() {}

  /// As in the run's `metrics.om`.
  static String metrics() {
    return OpenMetrics.render(
        new Verdict(
            Verdict.SCHEMA,
            Outcome.PASS,
            "Every one of 1,000 events was counted exactly once.",
            42,
            "word-colors",
            "exactly-once",
            "exactly-once",
            START,
            START + 30_000,
            1_000,
            "9f0a3c5577e1b204",
            "00c1d2e3f4051627",
            List.of(
                Property.of(
                    "output-exact:color-counts",
                    Section.SAFETY,
                    1_000,
                    "each output is right",
                    List.of(),
                    0)),
            List.of(
                new FaultOutcome(
                    "P1",
                    "kill-owner",
                    "w1",
                    START + 10_000,
                    START + 13_000,
                    true,
                    1,
                    "pid 4711 gone",
                    Map.of("detected", 150L, "recovered", 480L, "caughtUp", 900L),
                    Map.of("owned", 700L, "others", 300L, "usual", 260L))),
            List.of(new SkippedFault("N6", "latency", "no netem in this kernel")),
            List.of(
                new Latency("before", 300, 14, 38, 71), new Latency("during", 400, 19, 410, 630)),
            List.of(
                new ServiceLevel(
                    "color-counts",
                    0,
                    ServiceLevel.WHOLE,
                    1_000,
                    0,
                    990,
                    30,
                    29,
                    700,
                    14,
                    410,
                    600,
                    630)),
            List.of(new Situation("takeover", 1, "colors-3 went from w1 to w2")),
            List.of()));
  }
}
