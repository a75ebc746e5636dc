package dev.gretchen.dashboards.live;

import dev.gretchen.verifier.check.InputTask;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.Tally;
import org.jspecify.annotations.Nullable;

/// Something that the page has seen or done.
public sealed interface LiveEvent {

  /// When, epoch milliseconds by the page's clock.
  long at();

  /// A worker told the audit topic something.
  record Told(long at, AuditEvent entry) implements LiveEvent {}

  /// A committed record was read from a topic.
  ///
  /// @param id of the event that it is of, null where it names none
  /// @param value as text
  /// @param tally what the value says where it is one, else null
  record Seen(
      long at,
      String topic,
      int partition,
      long offset,
      @Nullable Long id,
      String key,
      String value,
      @Nullable Tally tally,
      @Nullable Lineage lineage)
      implements LiveEvent {}

  /// A worker's process was looked at.
  record WorkerStands(long at, String worker, Standing standing) implements LiveEvent {}

  /// A worker is no more: it was taken away for good.
  record WorkerGone(long at, String worker) implements LiveEvent {}

  /// A broker's process was looked at.
  record BrokerStands(long at, int broker, Standing standing) implements LiveEvent {}

  /// A worker says how far a recovery is.
  ///
  /// @param records of changelogs that it has to read, 0 where it does not know yet
  /// @param missing of these, what the tables lack
  record Recovers(long at, InputTask task, long records, long missing) implements LiveEvent {}

  /// Something was done to the cluster.
  ///
  /// @param code the catalogue's, such as `P1`
  /// @param kind a word, such as `kill`
  /// @param target a worker or broker
  /// @param endsProcess whether a worker's process ended without a chance to say so
  record Struck(long at, String code, String kind, String target, boolean endsProcess)
      implements LiveEvent {}

  /// All that was done to a target is healed.
  record Healed(long at, String target) implements LiveEvent {}

  /// How the load stands.
  ///
  /// @param sent events so far
  /// @param rate that is asked for, events a second
  record LoadStands(long at, long sent, double rate) implements LiveEvent {}

  /// Slow motion was switched on or off.
  record Slowed(long at, boolean on) implements LiveEvent {}

  /// Somebody typed a word, which became an event.
  record Typed(long at, long id, String word) implements LiveEvent {}

  /// A worker answered what a table holds for the word that was typed.
  ///
  /// @param answer as it was given, in words
  /// @param holds whether it says what the table holds; nobody may be able to say so now
  record Answered(long at, String word, String answer, boolean holds) implements LiveEvent {}

  /// How a process stands.
  enum Standing {
    STARTING,
    RUNNING,
    PAUSED,
    DOWN
  }
}
