package dev.gretchen.chaos.plan;

import java.time.Duration;

/// When a step begins; never before the step ahead of it is over and a short calm has passed.
public sealed interface Trigger {

  /// When this fraction of the load's events is acknowledged.
  ///
  /// @param fraction 0 to 1
  record AtProgress(double fraction) implements Trigger {
    public AtProgress {
      if (!(fraction >= 0 && fraction <= 1)) {
        throw new IllegalArgumentException("A fraction of the load is 0 to 1, not " + fraction);
      }
    }
  }

  /// So long after the load began.
  record AtTime(Duration sinceStart) implements Trigger {}

  /// So long after the step ahead of it was healed, or for the first after the load began.
  record AfterHealed(Duration calm) implements Trigger {}
}
