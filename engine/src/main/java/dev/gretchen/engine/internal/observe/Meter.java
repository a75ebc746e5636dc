package dev.gretchen.engine.internal.observe;

/// The names of the worker's meters, in one place: dashboards are generated from them.
public enum Meter {
  EVENTS_HANDLED("gretchen.events.handled", "events whose handlers have returned"),
  EVENTS_LATE(
      "gretchen.events.late",
      "events not counted in a windowed table because their window was dropped"),
  EVENTS_RETRIED("gretchen.events.retried", "further attempts after a handler failed"),
  EVENTS_DEAD("gretchen.events.dead", "events sent to the dead-letter topic"),
  CHANNEL_FAILURES(
      "gretchen.channel.failures", "values of a channel that were lost because its agent failed"),
  COMMITS("gretchen.commits", "transactions, by outcome"),
  COMMIT_SECONDS("gretchen.commit.seconds", "time of a transaction from its begin to its end"),
  RECORDS_SENT("gretchen.records.sent", "records in committed transactions, by kind"),
  STAGED_BYTES("gretchen.staged.bytes", "effects that wait for a commit or for the store, roughly"),
  BUFFERED_EVENTS("gretchen.buffered.events", "events fetched and not handled yet"),
  TASKS("gretchen.tasks", "tasks held, by stage"),
  STANDBYS("gretchen.standbys", "tasks whose tables are kept here for another worker, by state"),
  STANDBY_LAG(
      "gretchen.standby.lag", "changelog records that the standby furthest behind still lacks"),
  LEADER("gretchen.leader", "1 on the worker that leads the app, else 0; for apps with timers"),
  RECOVERIES("gretchen.recoveries", "recoveries done"),
  RECOVERED_RECORDS("gretchen.recovered.records", "changelog records read by recoveries"),
  RECOVERED_BYTES("gretchen.recovered.bytes", "their keys and values"),
  RECOVERY_SECONDS(
      "gretchen.recovery.seconds",
      "time that recoveries have read and stored for, added up by task"),
  WIPES("gretchen.wipes", "table partitions thrown away, by reason"),
  RESETS("gretchen.resets", "tasks begun anew because the outcome of a transaction was unknown"),
  WATCHED("gretchen.watched", "what this worker found or did about its peers, by event");

  private final String text;
  private final String help;

  Meter(String text, String help) {
    this.text = text;
    this.help = help;
  }

  public String text() {
    return text;
  }

  public String help() {
    return help;
  }
}
