package dev.gretchen.dashboards.grafana;

import static dev.gretchen.verifier.report.RunMetric.CHAOS_EFFECT_PROVEN;
import static dev.gretchen.verifier.report.RunMetric.CHAOS_FAULTS_INJECTED;
import static dev.gretchen.verifier.report.RunMetric.CHAOS_FAULTS_SKIPPED;
import static dev.gretchen.verifier.report.RunMetric.RECOVERY_SECONDS;
import static dev.gretchen.verifier.report.RunMetric.SILENCE_SECONDS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_AVAILABILITY_RATIO;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_EVENTS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_EVENTS_WITHOUT_OUTPUT;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_HARNESS_ERRORS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_LATENCY_EVENTS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_LATENCY_SECONDS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_ON_TIME_RATIO;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_PROPERTY_ANOMALIES;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_PROPERTY_COMPARED;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_PROPERTY_STATUS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_RUN;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_RUN_END_TIMESTAMP_SECONDS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_RUN_STATUS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_SERVICE_LATENCY_SECONDS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_SILENCE_SECONDS;
import static dev.gretchen.verifier.report.RunMetric.VERIFY_SITUATION_MET;

import dev.gretchen.dashboards.grafana.Dashboard.Row;
import dev.gretchen.dashboards.grafana.Panel.Unit;
import java.util.List;

/// What the latest run of each app has shown.
final class VerificationDashboard {

  private static final String BY_APP = "{{app}}";
  private static final String BY_PHASE = "{{phase}}";

  private VerificationDashboard() {}

  static Dashboard dashboard() {
    return new Dashboard(
        "gretchen-verification",
        "verification.json",
        "Gretchen: verification",
        "Verdict, properties, takeovers and service of the latest run.",
        Series.of(VERIFY_RUN_STATUS),
        "now-24h",
        List.of(verdict(), properties(), takeovers(), service(), worth()),
        List.of());
  }

  private static Row verdict() {
    return Row.of(
        "Verdict",
        Panel.number("Verdict", Unit.RUN_STATUS, "Of the latest run. Only a PASS is a pass.")
            .draw(Query.of(VERIFY_RUN_STATUS).value().max("app"), BY_APP),
        Panel.number("Age", Unit.SECONDS, "How long ago that run ended.")
            .draw(Query.of(VERIFY_RUN_END_TIMESTAMP_SECONDS).value().ago(), BY_APP),
        Panel.number("Events", Unit.NUMBER, "In the committed input log.")
            .draw(Query.of(VERIFY_EVENTS).value().max("app"), BY_APP),
        Panel.number("Anomalies", Unit.NUMBER, "Of all properties.")
            .draw(Query.of(VERIFY_PROPERTY_ANOMALIES).value().sum("app"), BY_APP),
        Panel.number("Faults", Unit.NUMBER, "Whose effect was observed.")
            .draw(Query.of(CHAOS_EFFECT_PROVEN).value().sum("app"), BY_APP),
        Panel.number("Harness errors", Unit.NUMBER, "Of the judge and what surrounds it.")
            .draw(Query.of(VERIFY_HARNESS_ERRORS).value().max("app"), BY_APP));
  }

  private static Row properties() {
    return Row.of(
        "Properties",
        Panel.states("Status", Unit.PROPERTY_STATUS, "Of each property.")
            .draw(Query.of(VERIFY_PROPERTY_STATUS).value().max("app", "property"), "{{property}}"),
        Panel.bars("Compared", Unit.NUMBER, "How many items each looked at. Zero is never a pass.")
            .draw(Query.of(VERIFY_PROPERTY_COMPARED).value().max("property"), "{{property}}"),
        Panel.table("Run", Unit.NUMBER, "What was run and how it was judged.")
            .draw(
                Query.of(VERIFY_RUN)
                    .value()
                    .max("app", "verdict", "seed", "guarantee", "judged_as"),
                BY_APP));
  }

  private static Row takeovers() {
    return Row.of(
        "Takeovers",
        Panel.bars("Median", Unit.SECONDS, "From a fault to each phase of its takeover.")
            .draw(Query.of(RECOVERY_SECONDS).value().quantileOverSamples(0.5, "phase"), BY_PHASE),
        Panel.bars("Longest", Unit.SECONDS, "The slowest takeover of the run, by phase.")
            .draw(Query.of(RECOVERY_SECONDS).value().max("phase"), BY_PHASE),
        Panel.bars(
                "Recovered, by kind of fault",
                Unit.SECONDS,
                "90th percentile over the run's faults.")
            .draw(
                Query.of(RECOVERY_SECONDS)
                    .where("phase", "recovered")
                    .value()
                    .quantileOverSamples(0.9, "kind"),
                "{{kind}}"),
        Panel.bars(
                "Silence",
                Unit.SECONDS,
                "Longest time without an output: of the victim's partitions, of others, and as usual.")
            .draw(Query.of(SILENCE_SECONDS).value().max("whose"), "{{whose}}"));
  }

  private static Row service() {
    return Row.of(
        "Service",
        Panel.bars("Availability", Unit.SHARE, "Seconds with work waiting in which output came.")
            .draw(Query.of(VERIFY_AVAILABILITY_RATIO).value().min("topic", "stretch"), both()),
        Panel.bars("On time", Unit.SHARE, "Events with their output within a second.")
            .draw(Query.of(VERIFY_ON_TIME_RATIO).value().min("topic", "stretch"), both()),
        Panel.bars("Latency of the run", Unit.SECONDS, "From when an event was due.")
            .draw(
                Query.of(VERIFY_LATENCY_SECONDS).value().max("stretch", "stat"),
                "{{stretch}} {{stat}}"),
        Panel.bars("99th percentile by stream", Unit.SECONDS, "The worst partition of each.")
            .draw(
                Query.of(VERIFY_SERVICE_LATENCY_SECONDS)
                    .where("stat", "p99")
                    .value()
                    .max("topic", "stretch"),
                both()),
        Panel.bars("Longest silence", Unit.SECONDS, "Of the worst partition, while work waited.")
            .draw(Query.of(VERIFY_SILENCE_SECONDS).value().max("topic", "stretch"), both()),
        Panel.bars("Without output", Unit.NUMBER, "Events that never had one, and those measured.")
            .draw(Query.of(VERIFY_EVENTS_WITHOUT_OUTPUT).value().sum("topic"), "{{topic}}: missing")
            .draw(Query.of(VERIFY_LATENCY_EVENTS).value().sum("stretch"), "{{stretch}}: measured"));
  }

  private static String both() {
    return "{{topic}} {{stretch}}";
  }

  private static Row worth() {
    return Row.of(
        "What makes a green run worth something",
        Panel.bars("Faults injected", Unit.NUMBER, "By the catalogue's code.")
            .draw(Query.of(CHAOS_FAULTS_INJECTED).value().sum("fault"), "{{fault}}"),
        Panel.bars("Faults skipped", Unit.NUMBER, "For want of a mechanism on that machine.")
            .draw(Query.of(CHAOS_FAULTS_SKIPPED).value().max("app"), BY_APP),
        Panel.bars(
                "Situations met",
                Unit.NUMBER,
                "A campaign must meet each; one that stays at zero is a hole in the plan.")
            .withWidth(24)
            .draw(Query.of(VERIFY_SITUATION_MET).value().sum("situation"), "{{situation}}"));
  }
}
