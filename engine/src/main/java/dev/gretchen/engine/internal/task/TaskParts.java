package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.lane.KeyedLineup;
import dev.gretchen.engine.internal.lane.Lineup;

/// The seams of a task, for the judge's own trial.
///
/// @param lineups makes the line in which the events of a concurrent task stand
/// @param failedAttempt what becomes of the effects of an attempt that failed
/// @param failedBatch what becomes of a batch that has failed for good
public record TaskParts(
    Lineup.Maker lineups, FailedAttempt failedAttempt, FailedBatch failedBatch) {

  /// A handler has thrown, and is to be tried again.
  @FunctionalInterface
  public interface FailedAttempt {
    void drop(CurrentEvent effects);
  }

  /// A batch has failed for good, retries and all.
  @FunctionalInterface
  public interface FailedBatch {
    /// How many of its events, from the first, are handled one by one; the others count as done.
    int apart(int events);
  }

  /// As they are shipped.
  public static TaskParts standard() {
    return new TaskParts(KeyedLineup::new, CurrentEvent::discard, events -> events);
  }

  /// The same with other lines.
  public TaskParts withLineups(Lineup.Maker other) {
    return new TaskParts(other, failedAttempt, failedBatch);
  }

  /// The same with another end of failed attempts.
  public TaskParts withFailedAttempt(FailedAttempt other) {
    return new TaskParts(lineups, other, failedBatch);
  }

  /// The same with another end of failed batches.
  public TaskParts withFailedBatch(FailedBatch other) {
    return new TaskParts(lineups, failedAttempt, other);
  }
}
