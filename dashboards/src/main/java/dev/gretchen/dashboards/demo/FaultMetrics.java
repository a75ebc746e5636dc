package dev.gretchen.dashboards.demo;

import dev.gretchen.dashboards.live.LiveEvent;
import dev.gretchen.dashboards.live.LiveMetric;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Tells Prometheus which faults are in force, so that its curves can be marked with them.
final class FaultMetrics {

  private FaultMetrics() {}

  /// Prometheus text.
  static String render(String app, List<LiveEvent.Struck> inForce) {
    LiveMetric metric = LiveMetric.FAULT_ACTIVE;
    StringBuilder text = new StringBuilder();
    text.append("# HELP ").append(metric.exposed()).append(' ').append(metric.help()).append('\n');
    text.append("# TYPE ").append(metric.exposed()).append(" gauge\n");
    Set<String> samples = new TreeSet<>();
    for (LiveEvent.Struck fault : inForce) {
      samples.add(
          "%s{app=\"%s\",kind=\"%s\",target=\"%s\"} 1\n"
              .formatted(metric.exposed(), app, fault.kind(), fault.target()));
    }
    samples.forEach(text::append);
    return text.toString();
  }
}
