package dev.gretchen.engine;

import java.time.Duration;
import java.util.function.BinaryOperator;

/// A sliding table on the way: its size is known, how long it is kept is not.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class Sliding<K, V> {

  private final Table<K, V> table;
  private final Duration size;
  private final Duration step;
  private final BinaryOperator<V> union;

  Sliding(Table<K, V> table, Duration size, Duration step, BinaryOperator<V> union) {
    this.table = table;
    this.size = size;
    this.step = step;
    this.union = union;
  }

  /// How long a stretch is kept, counted in stream time from its end. What no stretch needs any
  /// more is deleted, from the store and the changelog alike. Use what this returns from then on.
  ///
  /// @throws IllegalArgumentException where the size is no multiple of the step, or one of them
  ///   makes no window
  public SlidingTable<K, V> retained(Duration retention) {
    long sizeMillis = table.millis("size", size);
    long stepMillis = table.millis("step", step);
    if (stepMillis > 0 && (sizeMillis < stepMillis || sizeMillis % stepMillis != 0)) {
      throw new IllegalArgumentException(
          table + ": the size is a multiple of the step, found " + size + " and " + step);
    }
    if (retention.isNegative()) {
      throw new IllegalArgumentException(
          table + ": the retention is not negative, found " + retention);
    }
    // a pane is part of stretches that end up to so much later
    Duration kept = retention.plus(size).minus(step);
    return new SlidingTable<>(table.tumbling(step).retained(kept), sizeMillis, union);
  }
}
