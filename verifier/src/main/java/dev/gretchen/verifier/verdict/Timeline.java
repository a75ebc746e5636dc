package dev.gretchen.verifier.verdict;

import java.util.List;

/// What a run looked like over time, for the report's picture: all series share one axis.
///
/// @param startMillis epoch milliseconds where the axis begins
/// @param endMillis epoch milliseconds where it ends
/// @param series values per second since `startMillis`, the first for the first second
/// @param ownership who held which input partition and when
/// @param marks moments worth a flag, such as an anomaly's
public record Timeline(
    long startMillis,
    long endMillis,
    List<Series> series,
    List<Tenure> ownership,
    List<Mark> marks) {

  public Timeline {
    series = List.copyOf(series);
    ownership = List.copyOf(ownership);
    marks = List.copyOf(marks);
  }

  /// One curve.
  ///
  /// @param name `input`, `output` (events a second) or `lag` (events sent and not yet seen in the
  ///   output)
  public record Series(String name, List<Long> values) {
    public Series {
      values = List.copyOf(values);
    }
  }

  /// A worker held a partition for a while.
  ///
  /// @param topic the app's input topic of that task
  /// @param recovering whether it was recovering, not yet running
  public record Tenure(
      String topic,
      int partition,
      String worker,
      long fromMillis,
      long toMillis,
      boolean recovering) {}

  /// A flag on the axis.
  public record Mark(long atMillis, String label) {}
}
