package dev.gretchen.engine.internal.recovery;

import dev.gretchen.engine.internal.store.Load;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StorePartition;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One changelog partition on its way into a store.
///
/// It is *filled* up to where the log ended when it began: what is read is gathered by the store's
/// [Load] until that is due, and the store's position lies behind the one that is read. From there
/// on it is *followed*, batch by batch. Whoever reads on in another recovery begins at the store's
/// position.
final class PartitionRecovery {

  private static final long LONG = 50_000;

  private final TopicPartition changelog;
  private final StorePartition store;
  private final long claim;
  private final Stretch stretch;
  private final String wiped;
  private @Nullable Load load;
  private long records;
  private long bytes;
  private long reached;
  private long applied;
  private long position;
  private long caughtUpAt;

  /// What of a log is to be read.
  ///
  /// @param from position to read from, and its age: a store that stops half-way keeps it
  /// @param filledAt until where it is filled
  /// @param end position at which the table is complete
  record Stretch(Position from, long filledAt, long end) {

    /// Up to an end.
    static Stretch upTo(Position from, long end) {
      return new Stretch(from, end, end);
    }

    /// Filled up to the log's end, and followed from there on.
    static Stretch follow(Position from, long logEnd) {
      return new Stretch(from, logEnd, Long.MAX_VALUE);
    }

    long records() {
      return Math.max(0, filledAt - from.next());
    }
  }

  /// @param wiped why the store was emptied, or [RecoveryResult#NOT_WIPED]
  PartitionRecovery(
      TopicPartition changelog, StorePartition store, long claim, Stretch stretch, String wiped) {
    this.changelog = changelog;
    this.store = store;
    this.claim = claim;
    this.stretch = stretch;
    this.wiped = wiped;
    this.reached = stretch.from().next();
    this.applied = reached;
    this.position = reached;
    this.caughtUpAt = stretch.from().caughtUpAt();
  }

  TopicPartition changelog() {
    return changelog;
  }

  long from() {
    return stretch.from().next();
  }

  long end() {
    return stretch.end();
  }

  /// Where a consumer has to begin.
  long reached() {
    return reached;
  }

  /// The consumer stands here: behind the last record, and behind control records that follow it.
  void readUpTo(long consumerPosition) {
    position = consumerPosition;
    if (load != null && position >= stretch.filledAt()) {
      close(load);
    }
  }

  /// Whether there is so much to read that others had better wait for it.
  boolean isLong() {
    return stretch.records() >= LONG;
  }

  /// Records between what the store has got and an end of the log.
  long lagBehind(long logEnd) {
    return Math.max(0, logEnd - (load != null && applied < reached ? applied : position));
  }

  /// Whether everything up to the end was read. Judged by position, not by the last record seen:
  /// control records may stand at the end.
  boolean isComplete() {
    return position >= stretch.end();
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

  /// Takes committed records, in order; the store gets them when its load is due, each time with
  /// the position that they lead to.
  void apply(List<ConsumerRecord<byte[], byte[]>> batch) {
    Load taking = load();
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      if (record.offset() >= stretch.end()) {
        break;
      }
      if (taking.isFull()) {
        apply(taking);
      }
      taking.add(record.key(), record.value());
      records++;
      bytes += record.key().length + (record.value() == null ? 0 : record.value().length);
      reached = record.offset() + 1;
    }
    if (taking.isDue()) {
      apply(taking);
    }
  }

  private Load load() {
    Load begun = load;
    if (begun == null) {
      begun = store.load(claim, position < stretch.filledAt() ? stretch.records() : 0);
      load = begun;
    }
    return begun;
  }

  private void apply(Load taken) {
    if (applied < reached) {
      taken.apply(new Position(stretch.from().topicId(), reached, caughtUpAt));
      applied = reached;
    }
  }

  private void close(Load taken) {
    apply(taken);
    taken.close();
    load = null;
  }

  /// Marks the store as complete at a moment.
  void complete(long nowMillis) {
    if (load != null) {
      close(load);
    }
    long next = Math.max(reached, store.position().next());
    caughtUpAt = nowMillis;
    store.apply(claim, List.of(), new Position(stretch.from().topicId(), next, nowMillis));
  }

  /// Gives it up: what the store has not got is dropped, and its position does not speak of it.
  void abandon() {
    if (load != null) {
      load.close();
      load = null;
    }
  }
}
