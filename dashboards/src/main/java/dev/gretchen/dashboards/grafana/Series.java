package dev.gretchen.dashboards.grafana;

import dev.gretchen.dashboards.live.LiveMetric;
import dev.gretchen.engine.Meter;
import dev.gretchen.verifier.report.RunMetric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What Prometheus keeps of a metric: a name, and labels that tell its samples apart.
///
/// @param name as Prometheus knows it
/// @param labels by name the values that there are; none where they are not known beforehand
/// @param counts whether it only rises, so that its rate means something
/// @param scope the labels by which a dashboard chooses among its samples
record Series(String name, Map<String, List<String>> labels, boolean counts, Scope scope) {

  /// Who adds which labels to a metric's own, and what a dashboard lets its reader choose.
  enum Scope {
    /// Scraped from workers: the scrape configuration adds `app` and `worker`.
    WORKERS("app", "worker"),
    /// Told by runs, which say of which app they are.
    RUNS("app");

    @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody changes
    private final List<String> chosen;

    Scope(String... chosen) {
      this.chosen = List.of(chosen);
    }

    /// Labels that are dashboard variables of the same names.
    List<String> chosen() {
      return chosen;
    }
  }

  Series {
    labels = Map.copyOf(labels);
  }

  /// The samples of a counter or gauge.
  static Series of(Meter meter) {
    if (meter.kind() == Meter.Kind.TIMER) {
      throw new IllegalArgumentException(
          meter + " is a timer, which has several series: draw its buckets");
    }
    return new Series(
        meter.exposed(), labels(meter), meter.kind() == Meter.Kind.COUNTER, Scope.WORKERS);
  }

  /// The buckets of a timer, for its quantiles.
  static Series buckets(Meter timer) {
    if (timer.kind() != Meter.Kind.TIMER) {
      throw new IllegalArgumentException(timer + " is no timer and has no buckets");
    }
    Map<String, List<String>> labels = new LinkedHashMap<>(labels(timer));
    labels.put(Query.BUCKET, List.of());
    return new Series(timer.exposed() + "_bucket", labels, true, Scope.WORKERS);
  }

  /// The samples of what a run tells. Each run begins anew, so that even a counter is a plain
  /// number over several runs.
  static Series of(RunMetric metric) {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    metric.labels().forEach(label -> labels.put(label, List.of()));
    return new Series(metric.exposed(), labels, false, Scope.RUNS);
  }

  /// The samples of what the live page tells.
  static Series of(LiveMetric metric) {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    metric.labels().forEach(label -> labels.put(label, List.of()));
    return new Series(metric.exposed(), labels, false, Scope.RUNS);
  }

  private static Map<String, List<String>> labels(Meter meter) {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    meter.labels().forEach(label -> labels.put(label.name(), label.values()));
    return labels;
  }

  /// The names of all labels that its samples have.
  List<String> labelNames() {
    List<String> names = new ArrayList<>(scope.chosen());
    names.addAll(labels.keySet());
    return names;
  }

  void requireLabel(String label) {
    if (!labelNames().contains(label)) {
      throw new IllegalArgumentException(
          name + " has no label " + label + ", only " + labelNames().stream().sorted().toList());
    }
  }

  /// A value that the label never has would draw an empty panel.
  void requireValue(String label, String value) {
    requireLabel(label);
    List<String> values = labels.getOrDefault(label, List.of());
    if (!values.isEmpty() && !values.contains(value)) {
      throw new IllegalArgumentException(
          name + " has no " + label + " '" + value + "', only " + values);
    }
  }
}
