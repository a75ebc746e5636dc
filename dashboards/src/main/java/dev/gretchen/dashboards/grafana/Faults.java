package dev.gretchen.dashboards.grafana;

import dev.gretchen.dashboards.grafana.Dashboard.Annotation;
import dev.gretchen.dashboards.live.LiveMetric;
import dev.gretchen.engine.Meter;
import java.util.List;

/// What is marked on the curves of workers: why they dip.
final class Faults {

  private static final String RED = "#d55e00";
  private static final String BLUE = "#0072b2";
  private static final String YELLOW = "#e69f00";

  private Faults() {}

  static List<Annotation> annotations() {
    return List.of(
        new Annotation(
            "Faults",
            Query.of(LiveMetric.FAULT_ACTIVE).value().where("> 0"),
            RED,
            "{{kind}} {{target}}"),
        new Annotation(
            "Evictions",
            Query.of(Meter.WATCHED)
                .where("event", "evicted")
                .increase(Query.DASHBOARD_RANGE)
                .sum("worker")
                .where("> 0"),
            YELLOW,
            "{{worker}} evicted another worker"),
        new Annotation(
            "Recoveries",
            Query.of(Meter.RECOVERING_RECORDS).value().sum("worker").where("> 0"),
            BLUE,
            "{{worker}} recovers"));
  }
}
