package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.KeyIndex;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Longs;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.ServiceLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Is it up, and how late: availability and latency of a stream, by partition and stretch.
///
/// Both are told from the moment at which an event was *due*, whether or not the harness could send
/// it in time: a load that waits for the system would hide an outage. An event that never had an
/// output waits until the run's end, in the partition where its key's other outputs are. Of several
/// outputs of one event the first counts.
///
/// Decides no property. Memory is a histogram for each partition and stretch, a bit for each event
/// and a number for each second and partition.
public final class ServiceLevels {

  /// How late an output is in time.
  public static final Duration BOUND = Duration.ofSeconds(1);

  private static final long LATENCY_MAX_MILLIS = 24L * 60 * 60 * 1000;

  private final Witness witness;
  private final PartitionedLog stream;
  private final Stretches stretches;
  private final long start;
  private final int seconds;
  private final BitSet seen = new BitSet();
  private final Lane[] lanes;

  /// What adds up over partitions and stretches.
  private static final class Sum {
    private final Histogram latency = new Histogram(LATENCY_MAX_MILLIS, 2);
    private long missing;
    private long onTime;
    private long seconds;
    private long up;
    private long silence;

    void add(Sum other) {
      latency.add(other.latency);
      missing += other.missing;
      onTime += other.onTime;
      seconds += other.seconds;
      up += other.up;
      silence = Math.max(silence, other.silence);
    }
  }

  /// One partition.
  private final class Lane {
    private final Sum[] parts = new Sum[Stretches.NAMES.size()];
    private final long[] waiting = new long[seconds + 1];
    private final BitSet moved = new BitSet();
    private long lastMillis;

    Lane() {
      Arrays.setAll(parts, _ -> new Sum());
    }

    /// @param due milliseconds after the start of the load
    /// @param at of the output, likewise
    void output(long due, long at) {
      Sum part = parts[stretches.at(start + due)];
      long millis = Math.clamp(at - due, 0, LATENCY_MAX_MILLIS);
      part.latency.recordValue(millis);
      part.onTime += millis <= BOUND.toMillis() ? 1 : 0;
      waits(due, at);
      moved.set(second(at));
      lastMillis = Math.max(lastMillis, at);
    }

    void missing(long due) {
      parts[stretches.at(start + due)].missing++;
      waits(due, seconds * 1000L);
    }

    /// An event waits at the beginning of each second between its due time and its output.
    private void waits(long due, long until) {
      int from = second(due) + 1;
      int to = second(until) + 1;
      if (from < to) {
        waiting[from]++;
        waiting[to]--;
      }
      Sum part = parts[stretches.at(start + until)];
      part.silence = Math.max(part.silence, until - Math.max(lastMillis, due));
    }

    /// Counts the seconds; one belongs to the stretch in which it ends.
    void count() {
      long waits = 0;
      for (int s = 0; s < seconds; s++) {
        waits += waiting[s];
        if (waits > 0 || moved.get(s)) {
          Sum part = parts[stretches.at(start + s * 1000L + 999)];
          part.seconds++;
          part.up += moved.get(s) ? 1 : 0;
        }
      }
    }

    private int second(long millis) {
      return (int) Math.clamp(millis / 1000, 0L, seconds - 1L);
    }
  }

  private ServiceLevels(Witness witness, PartitionedLog stream, long start, long end) {
    this.witness = witness;
    this.stream = stream;
    this.stretches = Stretches.of(witness.faults());
    this.start = start;
    this.seconds = (int) Math.max(1, (end - start + 999) / 1000);
    this.lanes = new Lane[stream.partitions()];
    Arrays.setAll(lanes, _ -> new Lane());
  }

  /// Measures a stream.
  ///
  /// @param accepted which records of the input lead to an output
  /// @param expected how many of them there are
  /// @param start epoch milliseconds at which event 0 was due
  /// @param end epoch milliseconds of the last observation
  /// @return the rows of all partitions together, then those of each; stretches in which nothing
  ///   was due are left out
  public static List<ServiceLevel> measure(
      Witness witness,
      PartitionedLog input,
      Predicate<LogRecord> accepted,
      long expected,
      PartitionedLog stream,
      long start,
      long end) {
    ServiceLevels levels = new ServiceLevels(witness, stream, start, end);
    levels.outputs();
    if (levels.seen.cardinality() < expected) {
      levels.missing(input, accepted);
    }
    for (Lane lane : levels.lanes) {
      lane.count();
    }
    return levels.rows();
  }

  private void outputs() {
    for (int p = 0; p < lanes.length; p++) {
      for (Iterator<LogRecord> records = stream.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        long index = record.hasId() ? witness.plan().indexOf(record.id()) : -1;
        if (index >= 0 && !seen.get((int) index)) {
          seen.set((int) index);
          long due = (long) witness.plan().dueMillis(index);
          lanes[p].output(due, record.observedAt() - start);
        }
      }
    }
  }

  private void missing(PartitionedLog input, Predicate<LogRecord> accepted) {
    KeyIndex keys = new KeyIndex();
    Longs homes = new Longs(-1);
    for (int p = 0; p < lanes.length; p++) {
      for (Iterator<LogRecord> records = stream.records(p); records.hasNext(); ) {
        byte[] key = records.next().key();
        if (key != null) {
          homes.set(keys.add(key, 0), p);
        }
      }
    }
    for (int p = 0; p < input.partitions(); p++) {
      for (Iterator<LogRecord> records = input.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        long index = record.hasId() ? witness.plan().indexOf(record.id()) : -1;
        if (index >= 0 && !seen.get((int) index) && accepted.test(record)) {
          Lane lane = home(record, keys, homes);
          if (lane != null) {
            lane.missing((long) witness.plan().dueMillis(index));
          }
        }
      }
    }
  }

  /// The partition of an event that has no output; null where its key has none at all.
  private @Nullable Lane home(LogRecord record, KeyIndex keys, Longs homes) {
    byte[] value = record.value();
    int slot = value == null ? -1 : keys.find(value, 0);
    return slot < 0 ? null : lanes[(int) homes.get(slot)];
  }

  private List<ServiceLevel> rows() {
    List<ServiceLevel> rows = new ArrayList<>();
    rows(ServiceLevel.ALL, List.of(lanes), rows);
    for (int p = 0; p < lanes.length; p++) {
      rows(p, List.of(lanes[p]), rows);
    }
    return rows;
  }

  private void rows(int partition, List<Lane> of, List<ServiceLevel> rows) {
    Sum whole = new Sum();
    List<ServiceLevel> parts = new ArrayList<>();
    for (int stretch = 0; stretch < Stretches.NAMES.size(); stretch++) {
      Sum sum = new Sum();
      for (Lane lane : of) {
        sum.add(lane.parts[stretch]);
      }
      whole.add(sum);
      if (sum.seconds > 0) {
        parts.add(row(partition, Stretches.NAMES.get(stretch), sum));
      }
    }
    if (whole.seconds > 0) {
      rows.add(row(partition, ServiceLevel.WHOLE, whole));
      rows.addAll(parts);
    }
  }

  private ServiceLevel row(int partition, String stretch, Sum sum) {
    return new ServiceLevel(
        stream.topic(),
        partition,
        stretch,
        sum.latency.getTotalCount(),
        sum.missing,
        sum.onTime,
        sum.seconds,
        sum.up,
        sum.silence,
        sum.latency.getValueAtPercentile(50),
        sum.latency.getValueAtPercentile(99),
        sum.latency.getValueAtPercentile(99.9),
        sum.latency.getMaxValue());
  }
}
