package dev.gretchen.engine.internal.recovery;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StorePartition;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// One changelog partition on its way into a store.
final class PartitionRecovery {

  private final TopicPartition changelog;
  private final StorePartition store;
  private final long claim;
  private final Position from;
  private final long end;
  private final String wiped;
  private long records;
  private long bytes;
  private long reached;
  private long position;
  private long caughtUpAt;

  /// @param from position to read from, and its age: a store that stops half-way keeps it
  /// @param end position at which the table is complete
  /// @param wiped why the store was emptied, or [RecoveryResult#NOT_WIPED]
  PartitionRecovery(
      TopicPartition changelog,
      StorePartition store,
      long claim,
      Position from,
      long end,
      String wiped) {
    this.changelog = changelog;
    this.store = store;
    this.claim = claim;
    this.from = from;
    this.end = end;
    this.wiped = wiped;
    this.reached = from.next();
    this.position = from.next();
    this.caughtUpAt = from.caughtUpAt();
  }

  TopicPartition changelog() {
    return changelog;
  }

  long from() {
    return from.next();
  }

  long end() {
    return end;
  }

  long reached() {
    return reached;
  }

  /// The consumer stands here: behind the last record, and behind control records that follow it.
  void readUpTo(long consumerPosition) {
    position = consumerPosition;
  }

  /// Records between where the consumer stands and an end of the log.
  long lagBehind(long logEnd) {
    return Math.max(0, logEnd - position);
  }

  /// Whether everything up to the end was read. Judged by position, not by the last record seen:
  /// control records may stand at the end.
  boolean isComplete() {
    return position >= end;
  }

  /// Whether the table has ever held a committed record.
  boolean holdsSomething() {
    return store.position().next() > 0;
  }

  long records() {
    return records;
  }

  long bytes() {
    return bytes;
  }

  String wiped() {
    return wiped;
  }

  /// Applies committed records, in order, in one batch with the position that they lead to.
  void apply(List<ConsumerRecord<byte[], byte[]>> batch) {
    List<Change> changes = new ArrayList<>(batch.size());
    long next = reached;
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      if (record.offset() >= end) {
        break;
      }
      changes.add(new Change(new ByteKey(record.key()), record.value()));
      records++;
      bytes += record.key().length + (record.value() == null ? 0 : record.value().length);
      next = record.offset() + 1;
    }
    if (!changes.isEmpty()) {
      store.apply(claim, changes, new Position(from.topicId(), next, caughtUpAt));
      reached = next;
    }
  }

  /// Marks the store as complete at a moment.
  void complete(long nowMillis) {
    long next = Math.max(reached, store.position().next());
    caughtUpAt = nowMillis;
    store.apply(claim, List.of(), new Position(from.topicId(), next, nowMillis));
  }
}
