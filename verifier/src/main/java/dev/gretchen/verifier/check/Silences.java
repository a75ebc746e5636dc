package dev.gretchen.verifier.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How long each task showed nothing, by stretches of time.
///
/// A silence lasts from an output of the task to its next, counted from the moment at which the
/// event of that next one was due where that is later: a task without work may be silent for ever.
/// It belongs to each stretch in which it begins or which begins in it, and counts from the later
/// of both, to its end, however far behind the stretch that is, but not beyond the stretch's
/// horizon: what happens there may be the cause of the rest. Silence, and not latency, is what
/// shows an outage: where only the newest value of a key is sent, the longest latency stays small.
///
/// A silence that nothing ends is none here; `progress` judges that. Memory is one number for each
/// task and stretch. One instance belongs to one thread.
public final class Silences {

  /// A stretch of time, epoch milliseconds, the end excluded.
  ///
  /// @param horizon up to which a silence counts that begins in it
  public record Stretch(long from, long until, long horizon) {
    public Stretch {
      if (until < from || horizon < until) {
        throw new IllegalArgumentException(
            "a stretch begins, ends and has its horizon in this order, not at "
                + from
                + ", "
                + until
                + " and "
                + horizon);
      }
    }
  }

  private static final class Course {
    private final long[] longest;
    private long lastAt;
    private int next;

    Course(int stretches, long firstAt) {
      this.longest = new long[stretches];
      this.lastAt = firstAt;
    }
  }

  private final List<Stretch> stretches;
  private final Map<InputTask, Course> courses = new HashMap<>();

  /// @param stretches by their beginning, none beginning before the one ahead of it ends
  public Silences(List<Stretch> stretches) {
    this.stretches = List.copyOf(stretches);
    for (int i = 1; i < stretches.size(); i++) {
      if (stretches.get(i).from() < stretches.get(i - 1).until()) {
        throw new IllegalArgumentException(
            "stretches overlap: " + stretches.get(i - 1) + " and " + stretches.get(i));
      }
    }
  }

  /// A task was seen to have sent something; those of one task in the order of time.
  ///
  /// @param at epoch milliseconds
  /// @param due when its event was due, epoch milliseconds
  public void output(InputTask task, long at, long due) {
    Course course = courses.get(task);
    if (course == null) {
      courses.put(task, new Course(stretches.size(), at));
      return;
    }
    while (course.next < stretches.size() && stretches.get(course.next).until() <= course.lastAt) {
      course.next++;
    }
    long from = Math.max(course.lastAt, due);
    for (int i = course.next; i < stretches.size() && stretches.get(i).from() < at; i++) {
      Stretch stretch = stretches.get(i);
      long begin = Math.max(from, stretch.from());
      if (begin < stretch.until()) {
        long end = Math.min(at, stretch.horizon());
        course.longest[i] = Math.max(course.longest[i], end - begin);
      }
    }
    course.lastAt = Math.max(course.lastAt, at);
  }

  /// The longest silence of each task in a stretch, milliseconds; only tasks that had an output
  /// before its end.
  public Map<InputTask, Long> longest(int stretch) {
    Map<InputTask, Long> longest = new TreeMap<>();
    courses.forEach((task, course) -> longest.put(task, course.longest[stretch]));
    return longest;
  }

  /// The median, over some stretches, of the longest silence of any task in each; -1 without any.
  public long usual(int first, int count) {
    List<Long> worst = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      worst.add(longest(i).values().stream().max(Comparator.naturalOrder()).orElse(0L));
    }
    worst.sort(Comparator.naturalOrder());
    return worst.isEmpty() ? -1 : worst.get((worst.size() - 1) / 2);
  }
}
