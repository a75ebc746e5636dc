package dev.gretchen.dashboards.live;

import dev.gretchen.verifier.verdict.Timeline.Series;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/// How much goes in and comes out, how long it takes, and what is on its way.
///
/// An event is on its way from when it was seen in the input log to when its output was. Both are
/// seen by one reader of several partitions, so an output may be seen first; its event then counts
/// as done when it comes.
final class Flow {

  /// Events that may be on their way before the oldest are given up.
  static final int ON_THE_WAY_MAX = 200_000;

  /// For latency and rates.
  private static final int RECENT_SECONDS = 5;

  private static final long LATENCY_MAX_MILLIS = 3_600_000;

  /// A second of the page's life.
  private static final class Second {
    private final long number;
    private final Histogram latency = new Histogram(LATENCY_MAX_MILLIS, 2);
    private long in;
    private long out;
    private long lag;

    Second(long number) {
      this.number = number;
    }
  }

  private final long startedAt;
  private final int keptSeconds;
  private final SequencedMap<Long, Long> onTheWay = new LinkedHashMap<>();
  private final Set<Long> early = new HashSet<>();
  private final Deque<Second> seconds = new ArrayDeque<>();

  Flow(long startedAt, int keptSeconds) {
    this.startedAt = startedAt;
    this.keptSeconds = keptSeconds;
  }

  /// An event that will have an output was seen in the input log.
  void in(long id, long at) {
    Second second = second(at);
    second.in++;
    if (!early.remove(id)) {
      onTheWay.putIfAbsent(id, at);
      if (onTheWay.size() > ON_THE_WAY_MAX) {
        onTheWay.pollFirstEntry();
      }
    }
    second.lag = onTheWay.size();
  }

  /// Its output was seen.
  ///
  /// @return when the event was seen in the input log; the same moment where that was not yet
  long out(long id, long at) {
    Second second = second(at);
    second.out++;
    Long since = onTheWay.remove(id);
    if (since == null) {
      if (early.size() < ON_THE_WAY_MAX) {
        early.add(id);
      }
      return at;
    }
    second.latency.recordValue(Math.clamp(at - since, 0, LATENCY_MAX_MILLIS));
    second.lag = onTheWay.size();
    return since;
  }

  private Second second(long at) {
    long number = Math.max(0, at - startedAt) / 1000;
    Second last = seconds.peekLast();
    while (last == null || last.number < number) {
      Second next = new Second(last == null ? number : last.number + 1);
      next.lag = onTheWay.size();
      seconds.addLast(next);
      last = next;
      if (seconds.size() > keptSeconds) {
        seconds.removeFirst();
      }
    }
    return last;
  }

  LiveView.Flow view(long at) {
    second(at);
    // the second that is not over yet would look like a dip
    List<Second> recent = seconds.reversed().stream().skip(1).limit(RECENT_SECONDS).toList();
    Histogram latency = new Histogram(LATENCY_MAX_MILLIS, 2);
    latency.add(seconds.getLast().latency);
    recent.forEach(second -> latency.add(second.latency));
    boolean measured = latency.getTotalCount() > 0;
    return new LiveView.Flow(
        mean(recent, second -> second.in),
        mean(recent, second -> second.out),
        onTheWay.size(),
        measured ? latency.getValueAtPercentile(50) : -1,
        measured ? latency.getValueAtPercentile(99) : -1);
  }

  private static double mean(List<Second> seconds, ToLongFunction<Second> what) {
    return seconds.stream().mapToLong(what).average().orElse(0);
  }

  /// Where the curves begin, epoch milliseconds.
  long curvesFrom() {
    Second first = seconds.peekFirst();
    return startedAt + (first == null ? 0 : first.number * 1000);
  }

  /// Input, output and lag, a value for each second that is over.
  List<Series> curves(long at) {
    second(at);
    return List.of(
        new Series("input", values(second -> second.in)),
        new Series("output", values(second -> second.out)),
        new Series("lag", values(second -> second.lag)));
  }

  private List<Long> values(ToLongFunction<Second> what) {
    return seconds.stream().limit(seconds.size() - 1L).map(what::applyAsLong).toList();
  }
}
