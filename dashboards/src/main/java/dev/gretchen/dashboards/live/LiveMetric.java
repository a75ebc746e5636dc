package dev.gretchen.dashboards.live;

import java.util.List;
import java.util.Locale;

/// What the live page tells Prometheus, so that curves of workers can be marked with what was done
/// to them. Every sample has the label `app` beside those that stand here.
public enum LiveMetric {
  FAULT_ACTIVE("1 while a fault is in force.", "kind", "target");

  /// The label that every sample has.
  static final String APP = "app";

  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody changes
  private final List<String> labels;

  LiveMetric(String help, String... labels) {
    this.help = help;
    this.labels = List.of(labels);
  }

  public String help() {
    return help;
  }

  /// Beside `app`.
  public List<String> labels() {
    return labels;
  }

  /// Its name in Prometheus text.
  public String exposed() {
    return "gretchen_" + name().toLowerCase(Locale.ROOT);
  }
}
