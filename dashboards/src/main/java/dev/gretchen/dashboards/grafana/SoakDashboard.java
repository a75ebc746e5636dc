package dev.gretchen.dashboards.grafana;

import static dev.gretchen.verifier.report.RunMetric.CHAOS_EFFECT_PROVEN;
import static dev.gretchen.verifier.report.RunMetric.RECOVERY_SECONDS;
import static dev.gretchen.verifier.report.RunMetric.SILENCE_SECONDS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_AVAILABILITY_RATIO;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_EVENTS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_LATENCY_SECONDS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_PROPERTY_ANOMALIES;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_RUN_DURATION_SECONDS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_RUN_END_TIMESTAMP_SECONDS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_RUN_STATUS;

import dev.gretchen.dashboards.grafana.Dashboard.Row;
import dev.gretchen.dashboards.grafana.Panel.Unit;
import java.util.List;

/// How runs change over a night or a month: each run's numbers stand until the next one's.
final class SoakDashboard {

  private static final String BY_APP = "{{app}}";

  private SoakDashboard() {}

  static Dashboard dashboard() {
    return new Dashboard(
        "gretchen-soak-trend",
        "soak-trend.json",
        "Gretchen: soak trend",
        "Run after run: verdicts, takeovers, latency.",
        Series.of(VERIFY_RUN_STATUS),
        "now-7d",
        List.of(verdicts(), takeovers(), service()),
        List.of());
  }

  private static Row verdicts() {
    return Row.of(
        "Verdicts",
        Panel.states("Verdict", Unit.RUN_STATUS, "Of each run, as long as it was the latest.")
            .withWidth(24)
            .draw(Query.of(VERIFY_RUN_STATUS).value().max("app"), BY_APP),
        Panel.curves("Anomalies", Unit.NUMBER, "By property; anything but zero is a bug.")
            .draw(
                Query.of(VERIFY_PROPERTY_ANOMALIES).value().sum("app", "property"),
                "{{app}} {{property}}"),
        Panel.curves("Faults with effect", Unit.NUMBER, "Of each run; fewer prove less.")
            .draw(Query.of(CHAOS_EFFECT_PROVEN).value().sum("app"), BY_APP),
        Panel.curves("Age of the latest run", Unit.SECONDS, "A saw tooth; a ramp is a dead soak.")
            .draw(Query.of(VERIFY_RUN_END_TIMESTAMP_SECONDS).value().ago(), BY_APP),
        Panel.curves("Length of a run", Unit.SECONDS, "With drain, which takes longer with a leak.")
            .draw(Query.of(VERIFY_RUN_DURATION_SECONDS).value().max("app"), BY_APP),
        Panel.curves("Events of a run", Unit.NUMBER, "In the committed input log.")
            .draw(Query.of(VERIFY_EVENTS).value().max("app"), BY_APP));
  }

  private static Row takeovers() {
    return Row.of(
        "Takeovers",
        Panel.curves("Recovered", Unit.SECONDS, "After a fault, by quantile over a run's faults.")
            .draw(recovered(0.5), "{{app}} median")
            .draw(recovered(0.9), "{{app}} 90th percentile")
            .draw(recovered(1), "{{app}} longest"),
        Panel.curves("Silence of what the victim held", Unit.SECONDS, "The longest of each run.")
            .draw(
                Query.of(SILENCE_SECONDS).where("whose", "owned").value().max("app"),
                "{{app}} after a fault")
            .draw(
                Query.of(SILENCE_SECONDS).where("whose", "usual").value().max("app"),
                "{{app}} as usual"));
  }

  private static Query recovered(double part) {
    return Query.of(RECOVERY_SECONDS)
        .where("phase", "recovered")
        .value()
        .quantileOverSamples(part, "app");
  }

  private static Row service() {
    return Row.of(
        "Service",
        Panel.curves("Latency", Unit.SECONDS, "99th percentile, before, during and after faults.")
            .draw(
                Query.of(VERIFY_LATENCY_SECONDS).where("stat", "p99").value().max("app", "stretch"),
                "{{app}} {{stretch}}"),
        Panel.curves("Availability", Unit.SHARE, "Of the worst partition.")
            .draw(
                Query.of(VERIFY_AVAILABILITY_RATIO).value().min("app", "topic"),
                "{{app}} {{topic}}"));
  }
}
