package dev.gretchen.engine.internal.leader;

import dev.gretchen.engine.When;
import java.util.ArrayList;
import java.util.List;

/// The moments at which any of an app's timers fires. Pure.
final class Moments {

  private final List<When> timers;

  /// @param timers at least one
  Moments(List<? extends When> timers) {
    this.timers = List.copyOf(timers);
  }

  /// The first moment at or after a time.
  long next(long millis) {
    long next = Long.MAX_VALUE;
    for (When timer : timers) {
      next = Math.min(next, timer.next(millis));
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
