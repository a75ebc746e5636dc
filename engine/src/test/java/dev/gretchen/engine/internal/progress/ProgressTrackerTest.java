package dev.gretchen.engine.internal.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProgressTrackerTest {

  private static final int NO_BOUND = Integer.MAX_VALUE;

  /// A log with holes, worked off by incarnation after incarnation, each in an order of its own and
  /// each committing now and then. Against a model that remembers everything.
  @Property(tries = 300)
  void eachEventCountsOnceThroughAnyTakeovers(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int size) {
    Random random = new Random(seed);
    List<Long> log = log(random, size);
    List<Long> times = log.stream().map(_ -> (long) random.nextInt(50)).toList();
    TreeSet<Long> applied = new TreeSet<>();
    TreeMap<Long, Long> decided = new TreeMap<>();
    Progress committed = Progress.at(0);
    long committedTime = Long.MIN_VALUE;
    for (int incarnation = 0; applied.size() < log.size(); incarnation++) {
      assertThat(incarnation).as("progress").isLessThan(1_000);
      ProgressTracker tracker = new ProgressTracker(committed, committedTime, NO_BOUND);
      List<Long> underWay = new ArrayList<>();
      TreeSet<Long> ended = new TreeSet<>();
      int next = firstAtOrAfter(log, committed.offset());
      for (int step = random.nextInt(3 * size); step >= 0; step--) {
        if (next < log.size() && random.nextInt(3) > 0) {
          long offset = log.get(next);
          boolean handled = tracker.start(offset, times.get(next));
          assertThat(handled).as("event %d", offset).isNotEqualTo(applied.contains(offset));
          if (handled) {
            underWay.add(offset);
            Long earlier = decided.put(offset, tracker.streamTime());
            assertThat(earlier).isIn(null, tracker.streamTime());
          }
          next++;
          if (next == log.size() || random.nextInt(4) == 0) {
            tracker.reached(next == log.size() ? log.getLast() + 1 : log.get(next));
          }
        } else if (!underWay.isEmpty()) {
          long offset = underWay.remove(random.nextInt(underWay.size()));
          tracker.ended(offset);
          ended.add(offset);
        }
        if (random.nextInt(5) == 0) {
          applied.addAll(ended);
          ended.clear();
          committed =
              ProgressFormat.decode(
                  tracker.progress().offset(), ProgressFormat.encode(1, tracker.progress()));
          committedTime = tracker.baseStreamTime();
          for (long offset : log) {
            assertThat(committed.isDone(offset))
                .as("%d", offset)
                .isEqualTo(applied.contains(offset));
          }
          assertThat(committedTime).isEqualTo(timeBelow(log, times, committed.offset()));
        }
      }
    }
    assertThat(decided.keySet()).containsExactlyElementsOf(log);
  }

  private static List<Long> log(Random random, int size) {
    List<Long> log = new ArrayList<>();
    long offset = 0;
    for (int i = 0; i < size; i++) {
      offset += 1 + (random.nextInt(4) == 0 ? random.nextInt(300) : 0);
      log.add(offset);
    }
    return log;
  }

  private static int firstAtOrAfter(List<Long> log, long offset) {
    int i = 0;
    while (i < log.size() && log.get(i) < offset) {
      i++;
    }
    return i;
  }

  private static long timeBelow(List<Long> log, List<Long> times, long offset) {
    long highest = Long.MIN_VALUE;
    for (int i = 0; i < log.size() && log.get(i) < offset; i++) {
      highest = Math.max(highest, times.get(i));
    }
    return highest;
  }

  /// Whatever ends in whatever order, of what there was room for.
  @Property(tries = 60)
  void whatThereWasRoomForCanAlwaysBeCommitted(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40_000) int spread) {
    Random random = new Random(seed);
    ProgressTracker tracker = new ProgressTracker(Progress.at(1L << 40), Long.MIN_VALUE, NO_BOUND);
    List<Long> underWay = new ArrayList<>();
    long offset = 1L << 40;
    for (int i = 0; i < 6_000; i++) {
      offset += 1 + random.nextInt(spread);
      while (!tracker.hasRoom(offset)) {
        tracker.ended(underWay.remove(random.nextInt(underWay.size())));
      }
      tracker.start(offset, 0);
      underWay.add(offset);
      if (i % 50 == 0) {
        tracker.ended(underWay.removeLast());
        assertThat(ProgressFormat.encode(Long.MAX_VALUE, tracker.progress()))
            .hasSizeLessThanOrEqualTo(ProgressFormat.CHARS_MAX);
      }
    }
    tracker.ended(underWay.removeLast());
    assertThat(ProgressFormat.encode(Long.MAX_VALUE, tracker.progress()).length())
        .isBetween(3_000, ProgressFormat.CHARS_MAX);
  }

  @Test
  void oneEventThatHangsHoldsUpTheOffsetAndNothingElse() {
    ProgressTracker tracker = new ProgressTracker(Progress.at(0), 0, NO_BOUND);
    tracker.start(0, 0);
    LongStream.range(1, 100_000)
        .forEach(offset -> {
          assertThat(tracker.hasRoom(offset)).isTrue();
          tracker.start(offset, offset);
          tracker.ended(offset);
        });
    assertThat(tracker.progress()).isEqualTo(new Progress(0, 100_000, List.of(0L)));
    assertThat(ProgressFormat.encode(1, tracker.progress())).hasSizeLessThan(20);
    assertThat(tracker.baseStreamTime()).isZero();
    tracker.ended(0);
    assertThat(tracker.progress()).isEqualTo(Progress.at(100_000));
    assertThat(tracker.baseStreamTime()).isEqualTo(99_999);
  }

  @Test
  void doesNotPassTheRecordsWhoseStreamTimeIsUnknown() {
    Progress start = new Progress(10, 20, List.of(10L, 15L));
    ProgressTracker tracker = new ProgressTracker(start, 5, NO_BOUND);
    assertThat(tracker.start(10, 100)).isTrue();
    tracker.ended(10);
    assertThat(tracker.progress()).isEqualTo(new Progress(11, 20, List.of(15L)));
    assertThat(tracker.baseStreamTime()).isEqualTo(100);
    assertThat(tracker.start(11, 300)).isFalse();
    assertThat(tracker.streamTime()).isEqualTo(300);
  }

  @Test
  void waitsForNoRecordThatTheLogHasNoMore() {
    Progress start = new Progress(10, 20, List.of(10L, 15L));
    ProgressTracker tracker = new ProgressTracker(start, 5, 1);
    assertThat(tracker.hasRoom(25)).isTrue();
    assertThat(tracker.start(25, 7)).isTrue();
    tracker.ended(25);
    assertThat(tracker.progress()).isEqualTo(Progress.at(26));
  }

  @Test
  void hasNoRoomBeyondItsBound() {
    ProgressTracker tracker = new ProgressTracker(Progress.at(0), 0, 2);
    tracker.start(0, 0);
    assertThat(tracker.hasRoom(1)).isTrue();
    tracker.start(1, 0);
    assertThat(tracker.hasRoom(2)).isFalse();
    tracker.ended(1);
    assertThat(tracker.hasRoom(2)).isTrue();
  }
}
