package dev.gretchen.bench;

import dev.gretchen.chaos.process.Child;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// Follows a worker through its input by its group's committed offsets, and reads the gauges where
/// the warm-up is over and where all is done. That is the same for all sides and needs no help of
/// theirs; its resolution is the commit interval.
final class Race {

  /// The part of the work that is warm-up and does not count. Compilers are at work for some ten
  /// million records, on the same cores.
  static final double WARM_UP = 0.4;

  private static final Duration PAUSE = Duration.ofMillis(20);

  /// Without a commit for so long a worker is stuck, or done.
  private static final Duration STALLED = Duration.ofSeconds(60);

  /// Less than a few commit intervals is no measurement.
  private static final Duration LAP_MIN = Workload.COMMIT_INTERVAL.multipliedBy(4);

  private static final Duration SETTLED = Duration.ofSeconds(3);

  /// A log ends with the marks of its last transactions, which a group need not commit.
  private static final int MARKS_MAX = 16;

  private final ClusterState cluster;
  private final Workload workload;
  private final String group;
  private final long inputRecords;
  private final long work;

  /// What was seen between the end of the warm-up and the last commit.
  ///
  /// @param records of the input that this part stands for
  record Lap(Gauges.Reading from, Gauges.Reading to, double records) {}

  /// @param inputRecords what was loaded
  /// @param colors how many of them are colours
  Race(ClusterState cluster, Workload workload, String group, long inputRecords, long colors) {
    this.cluster = cluster;
    this.workload = workload;
    this.group = group;
    this.inputRecords = inputRecords;
    this.work = workload.stage() == Stage.APP ? inputRecords + colors : inputRecords;
  }

  /// Returns when all is done.
  ///
  /// @throws NoLap where it does not get there
  Lap run(Child worker, Gauges gauges) throws InterruptedException, NoLap {
    Gauges.Reading from = null;
    Gauges.Reading last = gauges.read();
    long done = 0;
    long doneAtFrom = 0;
    while (true) {
      Map<TopicPartition, Long> committed = cluster.committed(group);
      long now = committed.values().stream().mapToLong(Long::longValue).sum();
      if (now > done) {
        done = now;
        last = gauges.read();
        if (from == null && done >= WARM_UP * work) {
          from = last;
          doneAtFrom = done;
        }
      }
      Duration silence = Duration.ofNanos(System.nanoTime() - last.nanoTime());
      if (from != null && isDone(committed, silence)) {
        if (Duration.ofNanos(last.nanoTime() - from.nanoTime()).compareTo(LAP_MIN) < 0) {
          throw new NoLap("it was over before it could be measured; load more with --records");
        }
        double part = (double) (done - doneAtFrom) / done;
        return new Lap(from, last, part * inputRecords);
      }
      if (!worker.isAlive()) {
        throw new NoLap("the worker has ended; its log ends with\n" + worker.logTail(10));
      }
      if (silence.compareTo(STALLED) > 0) {
        throw new NoLap(
            "no commit for "
                + STALLED.toSeconds()
                + " s at "
                + done
                + " of "
                + work
                + "; the worker's log ends with\n"
                + worker.logTail(10));
      }
      Thread.sleep(PAUSE);
    }
  }

  private boolean isDone(Map<TopicPartition, Long> committed, Duration silence)
      throws InterruptedException {
    if (sum(committed, workload.stage().input()) < inputRecords) {
      return false;
    }
    if (workload.stage() == Stage.COUNT) {
      return true;
    }
    // the input is through, so this stands
    Map<TopicPartition, Long> ends = cluster.ends("colors");
    int marks = silence.compareTo(SETTLED) > 0 ? MARKS_MAX : 1;
    return ends.entrySet().stream()
        .allMatch(end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue() - marks);
  }

  private static long sum(Map<TopicPartition, Long> committed, String topic) {
    return committed.entrySet().stream()
        .filter(entry -> entry.getKey().topic().equals(topic))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /// There is no number: the worker does not get to the end of its input, or too soon.
  static final class NoLap extends Exception {
    private static final long serialVersionUID = 1L;

    NoLap(String sentence) {
      super(sentence);
    }
  }
}
