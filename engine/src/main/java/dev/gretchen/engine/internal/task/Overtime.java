package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.surroundings.Surroundings;
import org.jspecify.annotations.Nullable;

/// Interrupts a handler that is still at its event when the event's time is up, or no longer this
/// worker's: the one thing that ends a call that blocks. A handler that pays no heed to it keeps
/// its lane until it returns; what it did counts no more in either case.
///
/// **Threads.** The handler's own begins and ends; the alarm's, or that of whoever ends the task,
/// interrupts, and never after the end: whoever has the thread next must not be hit.
final class Overtime {

  private final Surroundings surroundings;
  private final Alarm alarm;
  private final boolean always;

  // guarded by this
  private @Nullable Runnable interrupter;
  private @Nullable Long deadline;
  private boolean passed;
  private boolean interrupted;

  /// @param always whether also events without a deadline are watched, which costs a little
  Overtime(Surroundings surroundings, boolean always) {
    this.surroundings = surroundings;
    this.alarm = new Alarm(surroundings, this::look);
    this.always = always;
  }

  /// Handlers begin, on the calling thread.
  ///
  /// @param deadlineNanos when their event's time is up; null for never
  void begin(@Nullable Long deadlineNanos) {
    if (deadlineNanos == null && !always) {
      return;
    }
    synchronized (this) {
      interrupter = surroundings.interrupter();
      deadline = deadlineNanos;
      passed = false;
      interrupted = false;
    }
    if (deadlineNanos != null) {
      alarm.at(deadlineNanos);
    }
  }

  /// They have returned or thrown; the calling thread is as it was before.
  ///
  /// @return whether the time was up before that
  synchronized boolean end() {
    if (interrupter == null) {
      return false;
    }
    interrupter = null;
    if (interrupted) {
      Thread.interrupted(); // what was meant for them
    }
    return passed;
  }

  /// Their event is no longer this worker's. Any thread.
  synchronized void abandon() {
    interrupt();
  }

  private void interrupt() {
    if (interrupter != null) {
      interrupted = true;
      interrupter.run();
    }
  }

  private void look() {
    long until;
    synchronized (this) {
      if (interrupter == null || deadline == null) {
        return;
      }
      until = deadline;
      if (surroundings.nanoTime() >= until) {
        passed = true;
        interrupt();
        return;
      }
    }
    alarm.at(until);
  }
}
