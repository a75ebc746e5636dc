package dev.gretchen.verifier.truth;

import java.util.Arrays;

/// A column of longs that grows when written; what was never written holds the initial value.
public final class Longs {

  private final long initial;
  private long[] values = new long[32];

  /// An empty column.
  public Longs(long initial) {
    this.initial = initial;
    Arrays.fill(values, initial);
  }

  /// The value at an index.
  public long get(int index) {
    return index < values.length ? values[index] : initial;
  }

  /// Writes the value at an index.
  public void set(int index, long value) {
    if (index >= values.length) {
      int old = values.length;
      values = Arrays.copyOf(values, Math.max(index + 1, old * 2));
      Arrays.fill(values, old, values.length, initial);
    }
    values[index] = value;
  }

  /// Adds to the value at an index, modulo 2^64.
  public void add(int index, long delta) {
    set(index, get(index) + delta);
  }
}
