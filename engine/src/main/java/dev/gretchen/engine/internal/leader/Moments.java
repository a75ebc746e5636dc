package dev.gretchen.engine.internal.leader;

import java.util.ArrayList;
import java.util.List;

/// The moments at which an app's timers fire: every multiple of every period. Pure.
final class Moments {

  private final List<Long> periodsMillis;

  /// @param periodsMillis at least one, each at least 1
  Moments(List<Long> periodsMillis) {
    this.periodsMillis = List.copyOf(periodsMillis);
  }

  /// The first moment at or after a time.
  long next(long millis) {
    long next = Long.MAX_VALUE;
    for (long period : periodsMillis) {
      next = Math.min(next, Math.ceilDiv(millis, period) * period);
    }
    return next;
  }

  /// The moments from a time to another, both included, in order, at most a number of them.
  List<Long> between(long from, long to, int limit) {
    List<Long> moments = new ArrayList<>();
    for (long at = next(from); at <= to && moments.size() < limit; at = next(at + 1)) {
      moments.add(at);
    }
    return moments;
  }
}
