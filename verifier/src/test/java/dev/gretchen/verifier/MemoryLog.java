package dev.gretchen.verifier;

import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A log in memory whose partitions a test may edit.
public final class MemoryLog implements PartitionedLog {

  private final String topic;
  private final List<List<LogRecord>> partitions = new ArrayList<>();
  private final long[] ends;

  public MemoryLog(String topic, int partitions) {
    this.topic = topic;
    this.ends = new long[partitions];
    for (int p = 0; p < partitions; p++) {
      this.partitions.add(new ArrayList<>());
    }
  }

  /// Appends a record at the partition's end; the offset is set here.
  public LogRecord append(
      int partition,
      long at,
      long timestamp,
      byte[] key,
      byte @Nullable [] value,
      @Nullable Long id,
      byte @Nullable [] lineage) {
    LogRecord record =
        new LogRecord(
            partition,
            ends[partition]++,
            timestamp,
            at,
            key,
            value,
            id != null,
            id == null ? 0 : id,
            lineage);
    partitions.get(partition).add(record);
    return record;
  }

  /// As [#append], for a dead letter, in partition 0.
  public LogRecord bury(
      long at, long timestamp, byte[] key, byte[] value, long id, @Nullable String reason) {
    LogRecord record =
        new LogRecord(
            0,
            ends[0]++,
            timestamp,
            at,
            key,
            value,
            true,
            id,
            null,
            reason == null ? null : reason.getBytes(StandardCharsets.UTF_8));
    partitions.getFirst().add(record);
    return record;
  }

  /// A control record: an offset that no consumer sees.
  public void control(int partition) {
    ends[partition]++;
  }

  public long end(int partition) {
    return ends[partition];
  }

  public List<LogRecord> list(int partition) {
    return partitions.get(partition);
  }

  /// Gives the records their offsets anew after an edit.
  public void renumber(int partition) {
    List<LogRecord> records = partitions.get(partition);
    for (int i = 0; i < records.size(); i++) {
      LogRecord r = records.get(i);
      records.set(
          i,
          new LogRecord(
              partition,
              i,
              r.timestamp(),
              r.observedAt(),
              r.key(),
              r.value(),
              r.hasId(),
              r.id(),
              r.lineage(),
              r.reason()));
    }
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public int partitions() {
    return partitions.size();
  }

  @Override
  public Iterator<LogRecord> records(int partition) {
    return partitions.get(partition).iterator();
  }
}
