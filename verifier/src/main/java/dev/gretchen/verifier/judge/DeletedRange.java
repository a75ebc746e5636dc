package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Records that were deleted before anybody had read them, as a fault says: nothing can be made of
/// them, so the truth leaves them out. We have read them before, which is why they are in the
/// history, and Kafka is still asked for each.
///
/// @param from the first offset
/// @param to behind the last
record DeletedRange(String topic, int partition, long from, long to) {
  private static final Pattern SYNTAX = Pattern.compile("(.+)-(\\d{1,9})@(\\d{1,18})-(\\d{1,18})");

  /// Those of a run's faults; what cannot be read excuses nothing.
  static List<DeletedRange> of(List<FaultLine> faults) {
    List<DeletedRange> ranges = new ArrayList<>();
    for (FaultLine fault : faults) {
      for (String lost : fault.lost()) {
        Matcher range = SYNTAX.matcher(lost);
        if (range.matches()) {
          ranges.add(
              new DeletedRange(
                  range.group(1),
                  Integer.parseInt(range.group(2)),
                  Long.parseLong(range.group(3)),
                  Long.parseLong(range.group(4))));
        }
      }
    }
    return ranges;
  }

  /// A log without the records of these ranges.
  static PartitionedLog without(List<DeletedRange> ranges, PartitionedLog log) {
    List<DeletedRange> own =
        ranges.stream().filter(range -> range.topic.equals(log.topic())).toList();
    return own.isEmpty() ? log : new Rest(log, own);
  }

  private boolean holds(LogRecord record) {
    return record.partition() == partition && record.offset() >= from && record.offset() < to;
  }

  private record Rest(PartitionedLog log, List<DeletedRange> ranges) implements PartitionedLog {
    @Override
    public String topic() {
      return log.topic();
    }

    @Override
    public int partitions() {
      return log.partitions();
    }

    @Override
    public String place(int partition) {
      return log.place(partition);
    }

    @Override
    public Iterator<LogRecord> records(int partition) {
      return new Remaining(log.records(partition), ranges);
    }
  }

  /// One record ahead.
  private static final class Remaining implements Iterator<LogRecord> {
    private final Iterator<LogRecord> all;
    private final List<DeletedRange> ranges;
    private @Nullable LogRecord next;

    Remaining(Iterator<LogRecord> all, List<DeletedRange> ranges) {
      this.all = all;
      this.ranges = ranges;
      advance();
    }

    private void advance() {
      next = null;
      while (next == null && all.hasNext()) {
        LogRecord record = all.next();
        next = ranges.stream().anyMatch(range -> range.holds(record)) ? null : record;
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public LogRecord next() {
      LogRecord record = next;
      if (record == null) {
        throw new NoSuchElementException("the log has no more records");
      }
      advance();
      return record;
    }
  }
}
