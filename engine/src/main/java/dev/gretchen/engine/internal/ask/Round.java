package dev.gretchen.engine.internal.ask;

import dev.gretchen.engine.internal.surroundings.Monitor;
import java.util.concurrent.atomic.AtomicInteger;

/// Questions that are waited for together, until all are answered or one has failed. Any thread.
final class Round {

  private final Monitor monitor;
  private final AtomicInteger open;
  private volatile boolean failed;

  /// @param monitor where whoever asked waits
  Round(Monitor monitor, int questions) {
    this.monitor = monitor;
    this.open = new AtomicInteger(questions);
  }

  /// One of them has ended. Whoever waits is told of the last, and of a failure.
  void ended(boolean byFailure) {
    if (byFailure) {
      failed = true;
    }
    if (open.decrementAndGet() == 0 || byFailure) {
      look();
    }
  }

  boolean isOver() {
    return failed || open.get() == 0;
  }

  void look() {
    monitor.signal();
  }
}
