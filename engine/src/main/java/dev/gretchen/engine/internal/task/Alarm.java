package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import java.time.Duration;

/// Wakes somebody at a time. While a time is set, one thread sleeps until then, and none otherwise.
///
/// Any thread. Whoever is woken looks for himself whether there is still something to do.
final class Alarm {

  private static final long NEVER = Long.MAX_VALUE;

  private final Surroundings surroundings;
  private final Monitor monitor;
  private final Runnable due;

  // guarded by this
  private long next = NEVER;
  private boolean sleeps;

  /// @param due runs on a handler thread
  Alarm(Surroundings surroundings, Runnable due) {
    this.surroundings = surroundings;
    this.monitor = surroundings.monitor();
    this.due = due;
  }

  /// Sets a time; of several, the earliest counts.
  void at(long nanos) {
    boolean first;
    synchronized (this) {
      if (nanos >= next) {
        return;
      }
      next = nanos;
      first = !sleeps;
      sleeps = true;
    }
    if (first) {
      surroundings.handlers().execute(this::run);
    } else {
      monitor.signal();
    }
  }

  private void run() {
    for (long asleep = awaited(); asleep != NEVER; asleep = awaited()) {
      long until = asleep;
      long left = until - surroundings.nanoTime();
      if (left > 0) {
        monitor.await(() -> awaited() < until, Duration.ofNanos(left));
      } else {
        taken(until);
        due.run();
      }
    }
  }

  /// The time that is set; [#NEVER] ends the thread.
  private synchronized long awaited() {
    if (next == NEVER) {
      sleeps = false;
    }
    return next;
  }

  private synchronized void taken(long time) {
    if (next == time) {
      next = NEVER;
    }
  }
}
