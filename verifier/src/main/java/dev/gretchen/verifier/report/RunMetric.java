package dev.gretchen.verifier.report;

import java.util.List;
import java.util.Locale;

/// The families of `metrics.om`, all of them in one place: the file is written and the dashboards
/// are made from these constants. Every sample has the label `app` beside those that stand here.
public enum RunMetric {
  VERIFY_RUN(
      Kind.INFO,
      "What was run and how it was judged.",
      "seed",
      "guarantee",
      "judged_as",
      "verdict",
      "load_hash",
      "plan_hash"),
  VERIFY_RUN_STATUS(
      Kind.GAUGE, "Exit status: 0 pass, 1 fail, 2 unknown or vacuous, 3 harness error."),
  VERIFY_RUN_DURATION_SECONDS(Kind.GAUGE, "First load event to last observation."),
  VERIFY_RUN_END_TIMESTAMP_SECONDS(Kind.GAUGE, "When the last observation was made."),
  VERIFY_EVENTS(Kind.COUNTER, "Load events in the committed input log."),
  VERIFY_HARNESS_ERRORS(Kind.GAUGE, "What went wrong with the judge or around it."),
  VERIFY_PROPERTY_STATUS(
      Kind.GAUGE, "0 pass, 1 fail, 2 unknown, 3 vacuous, 4 skipped.", "property", "section"),
  VERIFY_PROPERTY_COMPARED(Kind.GAUGE, "How many items were compared.", "property", "section"),
  VERIFY_PROPERTY_ANOMALIES(Kind.GAUGE, "How many anomalies were found.", "property", "section"),
  CHAOS_FAULTS_INJECTED(Kind.COUNTER, "Faults that were injected.", "fault"),
  CHAOS_EFFECT_PROVEN(Kind.COUNTER, "Faults whose effect was observed.", "fault"),
  CHAOS_FAULTS_SKIPPED(Kind.GAUGE, "Planned faults without a mechanism here."),
  RECOVERY_SECONDS(
      Kind.GAUGE,
      "From a fault taking effect to a phase of the takeover.",
      "fault",
      "phase",
      "index",
      "kind",
      "target"),
  SILENCE_SECONDS(
      Kind.GAUGE,
      "Longest time without an output after a fault: owned by its victim, others, usual.",
      "fault",
      "whose",
      "index",
      "kind",
      "target"),
  VERIFY_LATENCY_EVENTS(Kind.GAUGE, "Events whose latency was measured.", "stretch"),
  VERIFY_LATENCY_SECONDS(
      Kind.GAUGE, "Intended send time to committed output observed.", "stretch", "stat"),
  VERIFY_AVAILABILITY_RATIO(
      Kind.GAUGE,
      "Share of the seconds with work waiting in which committed output came.",
      "topic",
      "partition",
      "stretch"),
  VERIFY_ON_TIME_RATIO(
      Kind.GAUGE,
      "Share of the events that had their output within a second of when they were due.",
      "topic",
      "partition",
      "stretch"),
  VERIFY_EVENTS_WITHOUT_OUTPUT(
      Kind.GAUGE, "Events that never had an output.", "topic", "partition", "stretch"),
  VERIFY_SILENCE_SECONDS(
      Kind.GAUGE,
      "Longest time for which one partition showed nothing while an event waited.",
      "topic",
      "partition",
      "stretch"),
  VERIFY_SERVICE_LATENCY_SECONDS(
      Kind.GAUGE,
      "Intended send time to first committed output observed, by stream and partition.",
      "topic",
      "partition",
      "stretch",
      "stat"),
  VERIFY_SITUATION_MET(Kind.COUNTER, "How often a situation was met.", "situation");

  /// The label that every sample has.
  public static final String APP = "app";

  private final Kind kind;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody changes
  private final List<String> labels;

  RunMetric(Kind kind, String help, String... labels) {
    this.kind = kind;
    this.help = help;
    this.labels = List.of(labels);
  }

  /// The types of OpenMetrics that are used.
  public enum Kind {
    INFO,
    GAUGE,
    COUNTER;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Kind kind() {
    return kind;
  }

  public String help() {
    return help;
  }

  /// Beside [#APP].
  public List<String> labels() {
    return labels;
  }

  /// The name of the family.
  String family() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The name of its samples.
  public String exposed() {
    return switch (kind) {
      case INFO -> family() + "_info";
      case COUNTER -> family() + "_total";
      case GAUGE -> family();
    };
  }
}
