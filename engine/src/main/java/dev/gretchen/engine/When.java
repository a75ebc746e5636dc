package dev.gretchen.engine;

/// When a timer fires: at which moments. Pure, so that whoever leads agrees with whoever led
/// before.
public sealed interface When permits Every, Crontab {

  /// The first moment at or after a time, both in epoch milliseconds; the end of time if there is
  /// none.
  long next(long epochMillis);
}
