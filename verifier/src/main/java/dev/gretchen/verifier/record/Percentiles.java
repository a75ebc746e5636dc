package dev.gretchen.verifier.record;

import java.util.Arrays;
import java.util.Collection;

/// Percentiles of some values by the nearest rank, so that each is a value that occurred.
///
/// @param count how many values there were; without any, the others are 0
public record Percentiles(int count, long p50, long p90, long p99, long max) {

  private static final int HUNDRED = 100;

  /// Of some values, in any order.
  public static Percentiles of(Collection<Long> values) {
    if (values.isEmpty()) {
      return new Percentiles(0, 0, 0, 0, 0);
    }
    long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
    return new Percentiles(
        sorted.length,
        rank(sorted, 50),
        rank(sorted, 90),
        rank(sorted, 99),
        Arrays.stream(sorted).max().getAsLong());
  }

  private static long rank(long[] sorted, int percent) {
    long rank = Math.ceilDiv((long) percent * sorted.length, HUNDRED);
    return sorted[(int) Math.max(0, rank - 1)];
  }
}
