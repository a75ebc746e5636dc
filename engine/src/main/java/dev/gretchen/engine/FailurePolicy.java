package dev.gretchen.engine;

import java.time.Duration;

/// What follows when a handler throws.
public sealed interface FailurePolicy {

  /// Retries, each after twice the pause of the one before, then sends the event to the dead-letter
  /// topic and goes on.
  ///
  /// @param retries how often the event is tried again, 0 or more
  /// @param firstPause before the first retry
  record DeadLetter(int retries, Duration firstPause) implements FailurePolicy {
    public DeadLetter {
      if (retries < 0 || firstPause.isNegative()) {
        throw new IllegalArgumentException(
            "retries and pause must not be negative: " + retries + ", " + firstPause);
      }
    }
  }

  /// Stops the worker, with the event unapplied.
  record StopWorker() implements FailurePolicy {}

  /// The default: three retries, the first after 100 ms, then the dead-letter topic.
  static FailurePolicy standard() {
    return new DeadLetter(3, Duration.ofMillis(100));
  }
}
