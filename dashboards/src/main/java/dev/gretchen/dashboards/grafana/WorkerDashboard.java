package dev.gretchen.dashboards.grafana;

import static dev.gretchen.dashboards.grafana.Query.WHOLE_RANGE;
import static dev.gretchen.engine.Meter.BUFFERED_EVENTS;
import static dev.gretchen.engine.Meter.CHANNEL_FAILURES;
import static dev.gretchen.engine.Meter.COMMITS;
import static dev.gretchen.engine.Meter.COMMIT_SECONDS;
import static dev.gretchen.engine.Meter.CPU_SECONDS;
import static dev.gretchen.engine.Meter.EVENTS_DEAD;
import static dev.gretchen.engine.Meter.EVENTS_HANDLED;
import static dev.gretchen.engine.Meter.EVENTS_LATE;
import static dev.gretchen.engine.Meter.EVENTS_RETRIED;
import static dev.gretchen.engine.Meter.HEAP_BYTES;
import static dev.gretchen.engine.Meter.LAG;
import static dev.gretchen.engine.Meter.RECORDS_SENT;
import static dev.gretchen.engine.Meter.RECOVERED_BYTES;
import static dev.gretchen.engine.Meter.RECOVERED_RECORDS;
import static dev.gretchen.engine.Meter.RECOVERIES;
import static dev.gretchen.engine.Meter.RECOVERING_RECORDS;
import static dev.gretchen.engine.Meter.RECOVERY_SECONDS;
import static dev.gretchen.engine.Meter.RESETS;
import static dev.gretchen.engine.Meter.STAGED_BYTES;
import static dev.gretchen.engine.Meter.STATE_BYTES;
import static dev.gretchen.engine.Meter.WIPES;

import dev.gretchen.dashboards.grafana.Dashboard.Row;
import dev.gretchen.dashboards.grafana.Panel.Unit;
import java.util.List;

/// What the workers of an app do, each of them and all together.
final class WorkerDashboard {

  private static final String BY_WORKER = "{{worker}}";

  private WorkerDashboard() {}

  static Dashboard dashboard() {
    return new Dashboard(
        "gretchen-worker",
        "worker.json",
        "Gretchen: worker",
        "Throughput, commits, state and recovery of an app's workers.",
        Series.of(LAG),
        "now-15m",
        List.of(atAGlance(), throughput(), commits(), state(), recovery()),
        Faults.annotations());
  }

  private static Row atAGlance() {
    return Row.of(
        "At a glance",
        Panel.number("Events", Unit.PER_SECOND, "Events whose handlers have returned, a second.")
            .draw(Query.of(EVENTS_HANDLED).rate().sum(), "events"),
        Panel.number("Lag", Unit.NUMBER, "Records in the logs that nobody has fetched yet.")
            .draw(Query.of(LAG).value().sum(), "records"),
        Panel.number(
                "Behind",
                Unit.SECONDS,
                "How long the lag takes at the present throughput. Nothing where nothing comes in.")
            .draw(Query.of(LAG).value().sum().per(Query.of(EVENTS_HANDLED).rate().sum()), "behind"),
        Panel.number("Commit, 99th percentile", Unit.SECONDS, "From a transaction's begin to end.")
            .draw(Query.buckets(COMMIT_SECONDS).rate().quantile(0.99), "p99"),
        Panel.number(
                "Dead letters",
                Unit.NUMBER,
                "Events put aside in the time shown. Each has its reason in a header.")
            .draw(Query.of(EVENTS_DEAD).increase(WHOLE_RANGE).sum(), "events"),
        Panel.number("Recoveries", Unit.NUMBER, "Recoveries done in the time shown.")
            .draw(Query.of(RECOVERIES).increase(WHOLE_RANGE).sum(), "recoveries"));
  }

  private static Row throughput() {
    return Row.of(
        "Throughput",
        Panel.stack("Events by topic", Unit.PER_SECOND, "Handled events, by the topic they are of.")
            .draw(Query.of(EVENTS_HANDLED).rate().sum("topic"), "{{topic}}"),
        Panel.stack(
                "Events by worker",
                Unit.PER_SECOND,
                "How even the work is shared out. A gap is a worker that is down or recovers.")
            .draw(Query.of(EVENTS_HANDLED).rate().sum("worker"), BY_WORKER),
        Panel.curves(
                "Lag by worker",
                Unit.NUMBER,
                "Should fall after each takeover as fast as it rose; one that only rises is too slow.")
            .draw(Query.of(LAG).value().sum("worker"), BY_WORKER),
        Panel.curves("Events in flight", Unit.NUMBER, "Fetched and not handled yet.")
            .draw(Query.of(BUFFERED_EVENTS).value().sum("worker"), BY_WORKER),
        Panel.curves(
                "Events that need a look",
                Unit.PER_SECOND,
                "Tried again, put aside, too late for a window, or lost by a channel.")
            .draw(Query.of(EVENTS_RETRIED).rate().sum(), "retried")
            .draw(Query.of(EVENTS_DEAD).rate().sum(), "dead letters")
            .draw(Query.of(EVENTS_LATE).rate().sum("table"), "late for {{table}}")
            .draw(Query.of(CHANNEL_FAILURES).rate().sum("channel"), "lost by {{channel}}"),
        Panel.curves("Records sent", Unit.PER_SECOND, "In committed transactions.")
            .draw(Query.of(RECORDS_SENT).rate().sum("kind"), "{{kind}}"));
  }

  private static Row commits() {
    return Row.of(
        "Commits",
        Panel.curves(
                "Time of a commit",
                Unit.SECONDS,
                "What an event waits for after its handler has returned, beside the commit interval.")
            .draw(Query.buckets(COMMIT_SECONDS).rate().quantile(0.5), "median")
            .draw(Query.buckets(COMMIT_SECONDS).rate().quantile(0.99), "99th percentile"),
        Panel.curves(
                "Commits by outcome",
                Unit.PER_SECOND,
                "Refused: the group has moved on, and the work is done again elsewhere. Unknown: the"
                    + " tasks begin anew.")
            .draw(Query.of(COMMITS).rate().sum("outcome"), "{{outcome}}"),
        Panel.curves("Effects that wait", Unit.BYTES, "For a commit or for the store, on the heap.")
            .draw(Query.of(STAGED_BYTES).value().sum("worker"), BY_WORKER),
        Panel.curves(
                "Tasks begun anew",
                Unit.PER_SECOND,
                "Because the outcome of a transaction was unknown.")
            .draw(Query.of(RESETS).rate().sum("worker"), BY_WORKER));
  }

  private static Row state() {
    return Row.of(
        "State and process",
        Panel.stack(
                "Local store",
                Unit.BYTES,
                "RocksDB: files, changes not written to files yet, blocks cached.")
            .draw(Query.of(STATE_BYTES).value().sum("where"), "{{where}}"),
        Panel.curves("Local store by worker", Unit.BYTES, "Files alone: what a disk must hold.")
            .draw(Query.of(STATE_BYTES).where("where", "files").value().sum("worker"), BY_WORKER),
        Panel.curves("CPU", Unit.CORES, "Of each worker's process.")
            .draw(Query.of(CPU_SECONDS).rate().sum("worker"), BY_WORKER),
        Panel.curves("Heap", Unit.BYTES, "In use; a curve whose valleys rise is a leak.")
            .draw(Query.of(HEAP_BYTES).value().sum("worker"), BY_WORKER));
  }

  private static Row recovery() {
    return Row.of(
        "Recovery",
        Panel.curves(
                "Still to be read",
                Unit.NUMBER,
                "Changelog records that recoveries under way lack. A plateau is a recovery that is stuck.")
            .draw(Query.of(RECOVERING_RECORDS).value().sum("worker"), BY_WORKER),
        Panel.curves("Recoveries", Unit.PER_SECOND, "Done, a second.")
            .draw(Query.of(RECOVERIES).rate().sum("worker"), BY_WORKER),
        Panel.curves(
                "Read by recoveries",
                Unit.PER_SECOND,
                "Changelog records. None means that the disk or a standby had all of it.")
            .draw(Query.of(RECOVERED_RECORDS).rate().sum("worker"), BY_WORKER),
        Panel.curves(
                "Speed of recovery",
                Unit.BYTES_PER_SECOND,
                "Keys and values read in the time that recoveries took. Nothing where none is under way.")
            .draw(
                Query.of(RECOVERED_BYTES)
                    .rate()
                    .sum("worker")
                    .per(Query.of(RECOVERY_SECONDS).rate().sum("worker")),
                BY_WORKER),
        Panel.curves(
                "State thrown away",
                Unit.PER_SECOND,
                "Table partitions, by reason. A crash is never a reason.")
            .draw(Query.of(WIPES).rate().sum("reason"), "{{reason}}"));
  }
}
