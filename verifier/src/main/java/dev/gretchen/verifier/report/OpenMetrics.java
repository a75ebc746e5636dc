package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Latency;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Situation;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/// Renders `metrics.om`, the numbers of a run as OpenMetrics text, for trends over runs.
///
/// `verify_property_status` is 0 pass, 1 fail, 2 unknown, 3 vacuous, 4 skipped; `verify_run_status`
/// is the exit status of the command. Phases that a fault did not reach have no sample.
public final class OpenMetrics {

  private final Verdict verdict;
  private final MetricText metrics = new MetricText();

  private OpenMetrics(Verdict verdict) {
    this.verdict = verdict;
  }

  /// The whole exposition, ending with `# EOF`.
  public static String render(Verdict verdict) {
    return new OpenMetrics(verdict).text();
  }

  private String text() {
    run();
    properties();
    faults();
    latency();
    service();
    situations();
    return metrics.text();
  }

  private void run() {
    metrics
        .family("verify_run", "info", "What was run and how it was judged.")
        .sample(
            "verify_run_info",
            labels(
                "seed", Long.toString(verdict.seed()),
                "guarantee", verdict.guarantee(),
                "judged_as", verdict.judgedAs(),
                "verdict", verdict.verdict().name(),
                "load_hash", verdict.loadHash(),
                "plan_hash", verdict.planHash()),
            1)
        .family(
            "verify_run_status",
            "gauge",
            "Exit status: 0 pass, 1 fail, 2 unknown or vacuous, 3 harness error.")
        .sample("verify_run_status", labels(), verdict.verdict().exitStatus())
        .family("verify_run_duration_seconds", "gauge", "First load event to last observation.")
        .seconds("verify_run_duration_seconds", labels(), Judged.durationMillis(verdict))
        .family("verify_run_end_timestamp_seconds", "gauge", "When the last observation was made.")
        .seconds("verify_run_end_timestamp_seconds", labels(), verdict.endedAt())
        .family("verify_events", "counter", "Load events in the committed input log.")
        .sample("verify_events_total", labels(), verdict.events())
        .family("verify_harness_errors", "gauge", "What went wrong with the judge or around it.")
        .sample("verify_harness_errors", labels(), verdict.harnessErrors().size());
  }

  private void properties() {
    perProperty(
        "verify_property_status",
        "0 pass, 1 fail, 2 unknown, 3 vacuous, 4 skipped.",
        property -> code(property.status()));
    perProperty("verify_property_compared", "How many items were compared.", Property::compared);
    perProperty(
        "verify_property_anomalies", "How many anomalies were found.", Property::anomalyCount);
  }

  private void perProperty(String name, String help, ToLongFunction<Property> value) {
    metrics.family(name, "gauge", help);
    for (Property property : verdict.properties()) {
      metrics.sample(
          name,
          labels("property", property.name(), "section", Words.lower(property.section())),
          value.applyAsLong(property));
    }
  }

  private void faults() {
    Map<String, List<Long>> byId = new TreeMap<>();
    for (FaultOutcome fault : verdict.faults()) {
      byId.merge(
          fault.id(),
          List.of(1L, fault.proven() ? 1L : 0L),
          (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
    }
    metrics.family("chaos_faults_injected", "counter", "Faults that were injected.");
    byId.forEach(
        (id, n) -> metrics.sample("chaos_faults_injected_total", labels("fault", id), n.get(0)));
    metrics.family("chaos_effect_proven", "counter", "Faults whose effect was observed.");
    byId.forEach(
        (id, n) -> metrics.sample("chaos_effect_proven_total", labels("fault", id), n.get(1)));
    metrics.family("chaos_faults_skipped", "gauge", "Planned faults without a mechanism here.");
    metrics.sample("chaos_faults_skipped", labels(), verdict.skipped().size());
    phases();
  }

  private void phases() {
    metrics.family(
        "recovery_seconds", "gauge", "From a fault taking effect to a phase of the takeover.");
    List<String> phases = Phases.columns(verdict.faults());
    for (int i = 0; i < verdict.faults().size(); i++) {
      FaultOutcome fault = verdict.faults().get(i);
      for (String phase : phases) {
        Long millis = fault.phases().get(phase);
        if (millis != null) {
          metrics.seconds(
              "recovery_seconds",
              labels(
                  "fault", fault.id(),
                  "phase", phase,
                  "index", Integer.toString(i + 1),
                  "kind", fault.kind(),
                  "target", fault.target()),
              millis);
        }
      }
    }
    silences();
  }

  private void silences() {
    metrics.family(
        "silence_seconds",
        "gauge",
        "Longest time without an output after a fault: owned by its victim, others, usual.");
    for (int i = 0; i < verdict.faults().size(); i++) {
      FaultOutcome fault = verdict.faults().get(i);
      int index = i + 1;
      fault
          .silence()
          .forEach((whose, millis) ->
              metrics.seconds(
                  "silence_seconds",
                  labels(
                      "fault", fault.id(),
                      "whose", whose,
                      "index", Integer.toString(index),
                      "kind", fault.kind(),
                      "target", fault.target()),
                  millis));
    }
  }

  private void latency() {
    metrics.family("verify_latency_events", "gauge", "Events whose latency was measured.");
    for (Latency latency : verdict.latency()) {
      metrics.sample(
          "verify_latency_events", labels("stretch", latency.stretch()), latency.events());
    }
    metrics.family(
        "verify_latency_seconds", "gauge", "Intended send time to committed output observed.");
    for (Latency latency : verdict.latency()) {
      stretch(latency, "p50", latency.p50Millis());
      stretch(latency, "p99", latency.p99Millis());
      stretch(latency, "max", latency.maxMillis());
    }
  }

  private void service() {
    service(
        "verify_availability_ratio",
        "Share of the seconds with work waiting in which committed output came.",
        (name, level, labels) -> metrics.ratio(name, labels, level.availability()));
    service(
        "verify_on_time_ratio",
        "Share of the events that had their output within a second of when they were due.",
        (name, level, labels) -> metrics.ratio(name, labels, level.punctuality()));
    service(
        "verify_events_without_output",
        "Events that never had an output.",
        (name, level, labels) -> metrics.sample(name, labels, level.missing()));
    service(
        "verify_silence_seconds",
        "Longest time for which one partition showed nothing while an event waited.",
        (name, level, labels) -> metrics.seconds(name, labels, level.longestSilenceMillis()));
    service(
        "verify_service_latency_seconds",
        "Intended send time to first committed output observed, by stream and partition.",
        this::serviceLatency);
  }

  private interface ServiceSample {
    void write(String name, ServiceLevel level, Map<String, String> labels);
  }

  private void service(String name, String help, ServiceSample sample) {
    if (verdict.service().isEmpty()) {
      return;
    }
    metrics.family(name, "gauge", help);
    for (ServiceLevel level : verdict.service()) {
      sample.write(name, level, labels(level));
    }
  }

  private void serviceLatency(String name, ServiceLevel level, Map<String, String> labels) {
    if (level.events() == 0) {
      return;
    }
    stat(name, labels, "p50", level.p50Millis());
    stat(name, labels, "p99", level.p99Millis());
    stat(name, labels, "p999", level.p999Millis());
    stat(name, labels, "max", level.maxMillis());
  }

  private void stat(String name, Map<String, String> labels, String stat, long millis) {
    Map<String, String> more = new LinkedHashMap<>(labels);
    more.put("stat", stat);
    metrics.seconds(name, more, millis);
  }

  private Map<String, String> labels(ServiceLevel level) {
    return labels(
        "topic", level.topic(), "partition", Service.partition(level), "stretch", level.stretch());
  }

  private void situations() {
    if (verdict.situations().isEmpty()) {
      return;
    }
    metrics.family("verify_situation_met", "counter", "How often a situation was met.");
    for (Situation situation : verdict.situations()) {
      metrics.sample(
          "verify_situation_met_total", labels("situation", situation.name()), situation.times());
    }
  }

  private void stretch(Latency latency, String stat, long millis) {
    if (latency.events() > 0) {
      metrics.seconds(
          "verify_latency_seconds", labels("stretch", latency.stretch(), "stat", stat), millis);
    }
  }

  private Map<String, String> labels(String... pairs) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("app", verdict.app());
    for (int i = 0; i < pairs.length; i += 2) {
      labels.put(pairs[i], pairs[i + 1]);
    }
    return labels;
  }

  private static long code(Status status) {
    return switch (status) {
      case PASS -> 0;
      case FAIL -> 1;
      case UNKNOWN -> 2;
      case VACUOUS -> 3;
      case SKIPPED -> 4;
    };
  }
}
