package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.surroundings.Surroundings;
import org.jspecify.annotations.Nullable;

/// Interrupts a handler that is still at its event when the event's time is up: the one thing that
/// ends a call that blocks. A handler that pays no heed to it keeps its lane until it returns; what
/// it did counts no more in either case.
///
/// **Threads.** The handler's own begins and ends; the alarm's interrupts, and never after the end:
/// whoever has the thread next must not be hit.
final class Overtime {

  private final Surroundings surroundings;
  private final Alarm alarm;

  // guarded by this
  private @Nullable Runnable interrupter;
  private long deadline;
  private boolean passed;

  Overtime(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.alarm = new Alarm(surroundings, this::look);
  }

  /// Handlers begin, on the calling thread.
  ///
  /// @param deadlineNanos when their event's time is up; null for never
  void begin(@Nullable Long deadlineNanos) {
    if (deadlineNanos == null) {
      return;
    }
    synchronized (this) {
      interrupter = surroundings.interrupter();
      deadline = deadlineNanos;
      passed = false;
    }
    alarm.at(deadlineNanos);
  }

  /// They have returned or thrown; the calling thread is as it was before.
  ///
  /// @return whether the time was up before that
  synchronized boolean end() {
    if (interrupter == null) {
      return false;
    }
    interrupter = null;
    if (passed) {
      Thread.interrupted(); // what was meant for them
    }
    return passed;
  }

  private void look() {
    long until;
    synchronized (this) {
      if (interrupter == null) {
        return;
      }
      until = deadline;
      if (surroundings.nanoTime() >= until) {
        passed = true;
        interrupter.run();
        return;
      }
    }
    alarm.at(until);
  }
}
