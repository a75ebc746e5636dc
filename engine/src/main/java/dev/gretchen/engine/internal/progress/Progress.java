package dev.gretchen.engine.internal.progress;

import java.util.Collections;
import java.util.List;

/// How far an input partition is done: all below an offset, and of what lies between that and an
/// end all but some. Where events end in their order, the two are the same.
///
/// Offsets stand for records that may not exist (compacted, or control records); of these it does
/// not matter what is said.
///
/// @param offset below it everything is done: the committed offset
/// @param end behind the highest offset that is done; never below `offset`
/// @param unfinished what is not done between the two, rising
public record Progress(long offset, long end, List<Long> unfinished) {

  public Progress {
    unfinished = List.copyOf(unfinished);
    long before = offset - 1;
    for (long each : unfinished) {
      if (each <= before || each >= end) {
        throw new IllegalArgumentException(
            "unfinished offsets rise from " + offset + " to below " + end + ", found " + each);
      }
      before = each;
    }
    if (offset < 0 || end < offset) {
      throw new IllegalArgumentException(
          "expected 0 <= offset <= end, found " + offset + " and " + end);
    }
  }

  /// Done below an offset, and nothing beyond it.
  public static Progress at(long offset) {
    return new Progress(offset, offset, List.of());
  }

  /// Whether anything beyond the offset is done.
  public boolean isAhead() {
    return end > offset;
  }

  /// Whether an event is done.
  public boolean isDone(long event) {
    return event < offset || (event < end && Collections.binarySearch(unfinished, event) < 0);
  }
}
