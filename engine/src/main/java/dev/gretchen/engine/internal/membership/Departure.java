package dev.gretchen.engine.internal.membership;

import dev.gretchen.engine.internal.commit.Committer;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.Task;
import java.time.Duration;

/// A worker on its way out of the group: it begins no other event, and goes on polling until what
/// is complete is committed.
///
/// **Why it cannot simply close.** A consumer that is closed while a rebalance is under way calls
/// its partitions lost, not revoked. Nothing could be committed then, and a successor would do
/// again what was done here: under at-least-once, everybody would see it twice though nobody had
/// crashed. Polling on lets that rebalance end, whose callback confirms what this worker still
/// owns, and under which its last effects are accepted.
///
/// Confined to the polling thread.
final class Departure {

  private static final long NOT_ASKED = -1;

  private final TaskTable tasks;
  private final Committer committer;
  private final Surroundings surroundings;
  private final long deadline;
  private long ticket = NOT_ASKED;

  /// Begins it.
  ///
  /// @param bound after which the worker leaves as it is
  Departure(TaskTable tasks, Committer committer, Surroundings surroundings, Duration bound) {
    this.tasks = tasks;
    this.committer = committer;
    this.surroundings = surroundings;
    this.deadline = surroundings.nanoTime() + bound.toNanos();
    tasks.all().forEach(Task::drain);
  }

  /// Whether the worker may leave; to be asked after each poll.
  boolean isReady() {
    if (ticket == NOT_ASKED && tasks.all().stream().allMatch(Task::isQuiet)) {
      ticket = committer.askForCommit();
    }
    return (ticket != NOT_ASKED && committer.hasCommitted(ticket))
        || surroundings.nanoTime() >= deadline;
  }
}
