package dev.gretchen.serve.internal.api;

import dev.gretchen.serve.internal.record.Archive;
import dev.gretchen.serve.internal.record.Live;
import dev.gretchen.verifier.record.FailureRate;
import dev.gretchen.verifier.record.FaultFigures;
import dev.gretchen.verifier.record.Percentiles;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.record.RunFilter;
import dev.gretchen.verifier.record.RunIndex;
import dev.gretchen.verifier.report.MetricText;
import dev.gretchen.verifier.verdict.Outcome;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The record as metrics, in Prometheus' text format. All are gauges: runs can be removed, so no
/// number only grows.
final class Metrics {

  private final Live.Now now;
  private final MetricText text = new MetricText();

  Metrics(Live.Now now) {
    this.now = now;
  }

  /// An app and what the record says of its runs.
  private record OfApp(
      String app, Map<Outcome, Long> outcomes, FailureRate rate, List<RunEntry> last) {}

  String text(Archive archive) {
    List<OfApp> apps = archive.ask(Metrics::apps);
    List<FaultFigures> faults = archive.ask(record -> record.faults(RunFilter.ALL));
    runs(apps);
    takeovers(faults);
    goesOn();
    return text.text();
  }

  private static List<OfApp> apps(RunIndex record) {
    List<OfApp> apps = new ArrayList<>();
    for (String app : record.choices().apps()) {
      RunFilter filter = RunFilter.ALL.ofApp(app);
      apps.add(
          new OfApp(
              app,
              record.outcomes(filter),
              record.failureRate(filter),
              // one that goes on has no verdict yet, and must not hide the last one
              record.find(filter.endedAs(EnumSet.allOf(Outcome.class)), 1)));
    }
    return apps;
  }

  private void runs(List<OfApp> apps) {
    text.family("gretchen_record_runs", "gauge", "Runs in the record, by verdict.");
    for (OfApp each : apps) {
      for (Outcome outcome : Outcome.values()) {
        text.sample(
            "gretchen_record_runs",
            labels("app", each.app, "verdict", outcome.name()),
            each.outcomes.getOrDefault(outcome, 0L));
      }
    }
    text.family(
        "gretchen_record_failure_rate_bound",
        "gauge",
        "With 95 % confidence, at most this share of such runs fails.");
    apps.forEach(each ->
        text.ratio(
            "gretchen_record_failure_rate_bound", Map.of("app", each.app), each.rate.bound()));
    text.family(
        "gretchen_record_last_run_timestamp_seconds", "gauge", "When the latest run began.");
    last(
        apps,
        (each, run) ->
            text.seconds(
                "gretchen_record_last_run_timestamp_seconds",
                Map.of("app", each.app),
                run.startedAt()));
    text.family(
        "gretchen_record_last_run_status",
        "gauge",
        "Exit status of the latest run: 0 pass, 1 fail, 2 unknown or vacuous, 3 harness error.");
    last(
        apps,
        (each, run) -> {
          Outcome outcome = run.outcome();
          if (outcome != null) {
            text.sample(
                "gretchen_record_last_run_status", Map.of("app", each.app), outcome.exitStatus());
          }
        });
  }

  @FunctionalInterface
  private interface Sample {
    void write(OfApp app, RunEntry run);
  }

  private static void last(List<OfApp> apps, Sample sample) {
    for (OfApp each : apps) {
      each.last.forEach(run -> sample.write(each, run));
    }
  }

  private void takeovers(List<FaultFigures> faults) {
    text.family(
        "gretchen_record_faults", "gauge", "Faults with a proven effect, by kind, over all runs.");
    faults.forEach(fault ->
        text.sample("gretchen_record_faults", Map.of("kind", fault.kind()), fault.times()));
    text.family(
        "gretchen_record_silence_seconds",
        "gauge",
        "Silence of what a fault hit, beyond the usual one, over all runs.");
    faults.forEach(
        fault -> percentiles("gretchen_record_silence_seconds", fault.kind(), fault.silence()));
    text.family(
        "gretchen_record_recovery_seconds",
        "gauge",
        "From a fault to the first output of what it hit, over all runs.");
    faults.forEach(fault ->
        percentiles("gretchen_record_recovery_seconds", fault.kind(), fault.firstOutput()));
  }

  private void percentiles(String name, String kind, Percentiles of) {
    if (of.count() > 0) {
      text.seconds(name, labels("kind", kind, "stat", "p50"), of.p50());
      text.seconds(name, labels("kind", kind, "stat", "p99"), of.p99());
      text.seconds(name, labels("kind", kind, "stat", "max"), of.max());
    }
  }

  private static Map<String, String> labels(
      String first, String value, String second, String itsValue) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(first, value);
    labels.put(second, itsValue);
    return labels;
  }

  private void goesOn() {
    text.family("gretchen_runs_under_way", "gauge", "Runs that go on now.");
    text.sample("gretchen_runs_under_way", Map.of(), now.runs().size());
    text.family("gretchen_soak_done_ratio", "gauge", "How much of a soak that goes on is done.");
    now.soaks()
        .forEach(live ->
            text.ratio(
                "gretchen_soak_done_ratio",
                Map.of("soak", live.soak().name()),
                live.soak().share()));
  }
}
