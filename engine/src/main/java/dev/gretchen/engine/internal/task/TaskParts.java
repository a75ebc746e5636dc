package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.lane.KeyedLineup;
import dev.gretchen.engine.internal.lane.Lineup;

/// The seams of a task, for the judge's own trial.
///
/// @param lineups makes the line in which the events of a concurrent task stand
/// @param failedAttempt what becomes of the effects of an attempt that failed
public record TaskParts(Lineup.Maker lineups, FailedAttempt failedAttempt) {

  /// A handler has thrown, and is to be tried again.
  @FunctionalInterface
  public interface FailedAttempt {
    void drop(CurrentEvent effects);
  }

  /// As they are shipped.
  public static TaskParts standard() {
    return new TaskParts(KeyedLineup::new, CurrentEvent::discard);
  }

  /// The same with other lines.
  public TaskParts withLineups(Lineup.Maker other) {
    return new TaskParts(other, failedAttempt);
  }

  /// The same with another end of failed attempts.
  public TaskParts withFailedAttempt(FailedAttempt other) {
    return new TaskParts(lineups, other);
  }
}
