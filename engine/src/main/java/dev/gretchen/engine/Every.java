package dev.gretchen.engine;

import java.time.Duration;

/// When a timer fires: at every multiple of its period since the epoch, by the worker's clock. So a
/// minute's timer fires on the minute, whichever worker leads, and timers of equal periods fire
/// together.
///
/// @param period whole milliseconds, at least one
public record Every(Duration period) implements When {

  public Every {
    if (period.toMillis() < 1 || !Duration.ofMillis(period.toMillis()).equals(period)) {
      throw new IllegalArgumentException(
          "a timer's period is at least 1 ms, and whole milliseconds, found " + period);
    }
  }

  /// For a static import: `app.onLeader("sweep", every(Duration.ofMinutes(1)), tick -> ...)`.
  public static Every every(Duration period) {
    return new Every(period);
  }

  @Override
  public long next(long epochMillis) {
    long millis = period.toMillis();
    return Math.ceilDiv(epochMillis, millis) * millis;
  }
}
