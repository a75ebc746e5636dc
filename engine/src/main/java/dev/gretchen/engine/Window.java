package dev.gretchen.engine;

/// A stretch of event time in epoch milliseconds, half-open: its start is in it, its end is not.
public record Window(long start, long end) {

  public Window {
    if (start >= end) {
      throw new IllegalArgumentException(
          "a window ends after its start, found " + start + " to " + end);
    }
  }

  /// Whether a moment is in it.
  public boolean holds(long epochMillis) {
    return start <= epochMillis && epochMillis < end;
  }
}
