package dev.gretchen.dashboards.grafana;

import static dev.gretchen.dashboards.grafana.Query.WHOLE_RANGE;
import static dev.gretchen.engine.Meter.EVENTS_HANDLED;
import static dev.gretchen.engine.Meter.LEADER;
import static dev.gretchen.engine.Meter.RECOVERING_RECORDS;
import static dev.gretchen.engine.Meter.STANDBYS;
import static dev.gretchen.engine.Meter.STANDBY_LAG;
import static dev.gretchen.engine.Meter.TASKS;
import static dev.gretchen.engine.Meter.WATCHED;

import dev.gretchen.dashboards.grafana.Dashboard.Row;
import dev.gretchen.dashboards.grafana.Panel.Unit;
import java.util.List;

/// Who has what, and what workers find and do about each other.
final class ClusterDashboard {

  private static final String BY_WORKER = "{{worker}}";
  private static final String RUNNING = "running";

  private ClusterDashboard() {}

  static Dashboard dashboard() {
    return new Dashboard(
        "gretchen-cluster",
        "cluster.json",
        "Gretchen: cluster",
        "Ownership, rebalances, standbys and the watch of an app's workers.",
        Series.of(TASKS),
        "now-15m",
        List.of(atAGlance(), ownership(), standbys(), watch()),
        Faults.annotations());
  }

  private static Row atAGlance() {
    return Row.of(
        "At a glance",
        Panel.number("Workers", Unit.NUMBER, "That answer, with any task or none.")
            .draw(Query.of(TASKS).where("stage", RUNNING).value().count(), "workers"),
        Panel.number("Tasks running", Unit.NUMBER, "Partitions whose events are handled.")
            .draw(Query.of(TASKS).where("stage", RUNNING).value().sum(), "tasks"),
        Panel.number("Tasks recovering", Unit.NUMBER, "Their tables are not complete yet.")
            .draw(Query.of(TASKS).where("stage", "recovering").value().sum(), "tasks"),
        Panel.number("Standbys that read along", Unit.NUMBER, "Copies that can take over at once.")
            .draw(Query.of(STANDBYS).where("state", RUNNING).value().sum(), "copies"),
        Panel.number("Evictions", Unit.NUMBER, "Found dead and removed, in the time shown.")
            .draw(
                Query.of(WATCHED).where("event", "evicted").increase(WHOLE_RANGE).sum(),
                "evictions"),
        Panel.number(
                "Evicted though alive",
                Unit.NUMBER,
                "Costs a rejoin and never correctness; should stay rare.")
            .draw(
                Query.of(WATCHED).where("event", "evicted-alive").increase(WHOLE_RANGE).sum(),
                "workers"));
  }

  private static Row ownership() {
    return Row.of(
        "Ownership",
        Panel.stack("Tasks by worker", Unit.NUMBER, "What each runs; a step is a rebalance.")
            .draw(Query.of(TASKS).where("stage", RUNNING).value().sum("worker"), BY_WORKER),
        Panel.stack("Tasks by stage", Unit.NUMBER, "Void ones have lost their partition.")
            .draw(Query.of(TASKS).value().sum("stage"), "{{stage}}"),
        Panel.curves(
                "Changes of ownership",
                Unit.NUMBER,
                "How often a worker's number of running tasks has changed: rebalances, as they are felt.")
            .draw(Query.of(TASKS).where("stage", RUNNING).changes().sum("worker"), BY_WORKER),
        Panel.curves("Events by worker", Unit.PER_SECOND, "What the shares come to in events.")
            .draw(Query.of(EVENTS_HANDLED).rate().sum("worker"), BY_WORKER));
  }

  private static Row standbys() {
    return Row.of(
        "Standbys",
        Panel.stack("Copies by state", Unit.NUMBER, "Of tables that other workers own.")
            .draw(Query.of(STANDBYS).value().sum("state"), "{{state}}"),
        Panel.curves(
                "Lag of the standby furthest behind",
                Unit.NUMBER,
                "What a takeover would have to read, in records.")
            .draw(Query.of(STANDBY_LAG).value().max("worker"), BY_WORKER),
        Panel.curves("Recoveries under way", Unit.NUMBER, "Records they still have to read.")
            .draw(Query.of(RECOVERING_RECORDS).value().sum("worker"), BY_WORKER),
        Panel.states("Leader", Unit.NUMBER, "1 on the worker that fires the app's timers.")
            .draw(Query.of(LEADER).value().max("worker"), BY_WORKER));
  }

  private static Row watch() {
    return Row.of(
        "Watch",
        Panel.curves(
                "What workers find and do about each other",
                Unit.PER_SECOND,
                "Suspected, cleared again, evicted, fenced; a storm is a worker that hears nobody and does nothing.")
            .withWidth(24)
            .draw(Query.of(WATCHED).rate().sum("event"), "{{event}}"));
  }
}
