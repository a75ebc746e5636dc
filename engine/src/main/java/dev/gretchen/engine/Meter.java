package dev.gretchen.engine;

import java.util.List;
import java.util.Locale;

/// What a worker measures of itself, all of it in one place: registration, exposition and the
/// dashboards are made from these constants, so a meter that is renamed or removed breaks the build
/// of whoever draws it.
///
/// `GET /metrics` shows each as [#exposed] says. Where all values of a label are known, the samples
/// are there from the start, at 0: a rate over them is then 0 and not nothing.
public enum Meter {
  EVENTS_HANDLED(
      Kind.COUNTER, Unit.EVENTS, "events whose handlers have returned", Label.open("topic")),
  EVENTS_LATE(
      Kind.COUNTER,
      Unit.EVENTS,
      "events not counted in a windowed table because their window was dropped",
      Label.open("table")),
  EVENTS_RETRIED(Kind.COUNTER, Unit.EVENTS, "further attempts after a handler failed"),
  EVENTS_DEAD(Kind.COUNTER, Unit.EVENTS, "events sent to the dead-letter topic"),
  CHANNEL_FAILURES(
      Kind.COUNTER,
      Unit.NONE,
      "values of a channel that were lost because its agent failed",
      Label.open("channel")),
  COMMITS(
      Kind.COUNTER,
      Unit.NONE,
      "transactions, by outcome",
      Label.of("outcome", "committed", "refused", "aborted", "rejected", "unknown")),
  COMMIT_SECONDS(Kind.TIMER, Unit.SECONDS, "time of a transaction from its begin to its end"),
  RECORDS_SENT(
      Kind.COUNTER,
      Unit.RECORDS,
      "records in committed transactions, by kind",
      Label.of("kind", "output", "changelog")),
  LAG(
      Kind.GAUGE,
      Unit.RECORDS,
      "records in the logs of this worker's partitions that it has not fetched, where it knows"),
  STAGED_BYTES(Kind.GAUGE, Unit.BYTES, "effects that wait for a commit or for the store, roughly"),
  BUFFERED_EVENTS(Kind.GAUGE, Unit.EVENTS, "events fetched and not handled yet"),
  STATE_BYTES(
      Kind.GAUGE,
      Unit.BYTES,
      "what the local store takes: files, changes not written to files yet, blocks cached",
      Label.of("where", "files", "memtables", "cache")),
  HEAP_BYTES(Kind.GAUGE, Unit.BYTES, "heap in use"),
  CPU_SECONDS(Kind.COUNTER, Unit.SECONDS, "CPU time of the process"),
  TASKS(
      Kind.GAUGE,
      Unit.NONE,
      "tasks held, by stage",
      Label.of("stage", "recovering", "running", "draining", "void")),
  STANDBYS(
      Kind.GAUGE,
      Unit.NONE,
      "tasks whose tables are kept here for another worker, by state",
      Label.of("state", "recovering", "running")),
  STANDBY_LAG(
      Kind.GAUGE, Unit.RECORDS, "changelog records that the standby furthest behind still lacks"),
  LEADER(
      Kind.GAUGE,
      Unit.NONE,
      "1 on the worker that leads the app, else 0; an app without timers has no leader"),
  RECOVERIES(Kind.COUNTER, Unit.NONE, "recoveries done"),
  RECOVERING_RECORDS(
      Kind.GAUGE, Unit.RECORDS, "changelog records that recoveries under way still have to read"),
  RECOVERED_RECORDS(Kind.COUNTER, Unit.RECORDS, "changelog records read by recoveries"),
  RECOVERED_BYTES(Kind.COUNTER, Unit.BYTES, "their keys and values"),
  RECOVERY_SECONDS(
      Kind.COUNTER,
      Unit.SECONDS,
      "time that recoveries have read and stored for, added up by task"),
  WIPES(
      Kind.COUNTER,
      Unit.NONE,
      "table partitions thrown away, by reason",
      Label.of(
          "reason",
          "changelog-was-recreated",
          "position-beyond-log-end",
          "position-before-log-start",
          "older-than-tombstones-are-kept")),
  RESETS(
      Kind.COUNTER, Unit.NONE, "tasks begun anew because the outcome of a transaction was unknown"),
  WATCHED(
      Kind.COUNTER,
      Unit.NONE,
      "what this worker found or did about its peers, by event",
      Label.of("event", "suspected", "cleared", "evicted", "fenced", "evicted-alive", "storm"));

  private static final String PREFIX = "gretchen.";

  private final Kind kind;
  private final Unit unit;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody changes
  private final List<Label> labels;

  Meter(Kind kind, Unit unit, String help, Label... labels) {
    this.kind = kind;
    this.unit = unit;
    this.help = help;
    this.labels = List.of(labels);
  }

  /// How its value moves.
  public enum Kind {
    /// Only up, until the process ends.
    COUNTER,
    /// Up and down.
    GAUGE,
    /// A histogram of times, with buckets.
    TIMER
  }

  /// What is counted.
  public enum Unit {
    NONE,
    EVENTS,
    RECORDS,
    BYTES,
    SECONDS
  }

  /// What tells the samples of a meter apart.
  ///
  /// @param values all that there are; empty where they are not known beforehand
  public record Label(String name, List<String> values) {
    public Label {
      values = List.copyOf(values);
    }

    static Label of(String name, String... values) {
      return new Label(name, List.of(values));
    }

    static Label open(String name) {
      return new Label(name, List.of());
    }
  }

  /// Its name in words with dots, such as `gretchen.events.handled`.
  public String text() {
    return PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  public Kind kind() {
    return kind;
  }

  public Unit unit() {
    return unit;
  }

  /// What it measures, half a sentence.
  public String help() {
    return help;
  }

  public List<Label> labels() {
    return labels;
  }

  /// Whether all of its samples are known before anything has happened.
  public boolean isClosed() {
    return labels.stream().noneMatch(label -> label.values().isEmpty());
  }

  /// Its name in Prometheus text: a counter ends with `_total`; a timer has `_bucket`, `_sum` and
  /// `_count` behind this name.
  public String exposed() {
    String name = text().replace('.', '_');
    return kind == Kind.COUNTER ? name + "_total" : name;
  }
}
