package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// A topic's log in memory, its headers decoded once.
final class SimLog implements PartitionedLog {

  private final String topic;
  private final boolean complete;
  private final Seen[][] partitions;

  private SimLog(String topic, boolean complete, Seen[][] partitions) {
    this.topic = topic;
    this.complete = complete;
    this.partitions = partitions;
  }

  static SimLog of(TopicLog log, AppDescriptor app) {
    Seen[][] partitions = new Seen[log.partitions().size()][];
    for (int p = 0; p < partitions.length; p++) {
      List<CommittedRecord> records = log.partitions().get(p);
      partitions[p] = new Seen[records.size()];
      Lineage before = null;
      for (int i = 0; i < partitions[p].length; i++) {
        Seen seen = seen(records.get(i), p, app, before);
        before = seen.lineage();
        partitions[p][i] = seen;
      }
    }
    return new SimLog(log.topic(), log.complete(), partitions);
  }

  /// A topic that was never seen.
  static SimLog unseen(String topic) {
    return new SimLog(topic, false, new Seen[0][]);
  }

  private static Seen seen(
      CommittedRecord record, int partition, AppDescriptor app, @Nullable Lineage before) {
    byte[] id = record.header(app.eventIdHeader());
    boolean hasId = id != null && id.length == Long.BYTES;
    String lineageHeader = app.lineageHeader();
    byte[] lineage = lineageHeader == null ? null : record.header(lineageHeader);
    LogRecord read =
        new LogRecord(
            partition,
            record.offset(),
            record.timestamp(),
            SimHistory.millis(record.writtenNanos()),
            record.key(),
            record.value(),
            hasId,
            hasId ? ByteBuffer.wrap(id).getLong() : 0,
            lineage,
            LogRecord.reason(
                record.header(LogRecord.REASON_HEADER),
                record.header(LogRecord.LATE_TABLE_HEADER),
                record.header(LogRecord.LATE_WINDOWS_HEADER)));
    return new Seen(read, Seen.transaction(record), Lineage.decode(lineage, before));
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public int partitions() {
    return partitions.length;
  }

  /// How many records it holds in all.
  int size() {
    int size = 0;
    for (Seen[] partition : partitions) {
      size += partition.length;
    }
    return size;
  }

  /// Whether it still holds all that was ever committed.
  boolean isComplete() {
    return complete;
  }

  /// The records of a partition; not to be changed.
  Seen[] partition(int partition) {
    return partitions[partition];
  }

  /// The place of an offset among a partition's records, -1 where it holds none at that offset.
  int indexOf(int partition, long offset) {
    Seen[] records = partitions[partition];
    int low = 0;
    int high = (int) Math.min(records.length, Math.max(0, offset + 1));
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (records[middle].offset() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < records.length && records[low].offset() == offset ? low : -1;
  }

  @Override
  public Iterator<LogRecord> records(int partition) {
    Seen[] records = partitions[partition];
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < records.length;
      }

      @Override
      public LogRecord next() {
        if (next == records.length) {
          throw new NoSuchElementException();
        }
        return records[next++].record();
      }
    };
  }

  /// Where a record of it lies.
  String at(Seen seen) {
    return at(seen.record().partition(), seen.offset());
  }

  String at(int partition, long offset) {
    return topic + "-" + partition + "@" + offset;
  }

  /// The record at an offset, null where there is none.
  @Nullable Seen find(int partition, long offset) {
    int index = partition < partitions.length ? indexOf(partition, offset) : -1;
    return index < 0 ? null : partitions[partition][index];
  }
}
