package dev.gretchen.testkit.client;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;

/// The round that a consumer goes until it has something to return or its time is over: membership,
/// then positions, then records.
///
/// Membership does not hold it up: while the group is being joined, records of partitions that are
/// held still go on. A missing position does, as in the real client: its committed offset is waited
/// for.
final class Polling {

  private final ConsumerParts parts;
  private final Connection connection;
  private final Subscriptions subscriptions;
  private final Fetcher fetcher;
  private boolean woken;

  Polling(ConsumerParts parts) {
    this.parts = parts;
    this.connection = parts.connection();
    this.subscriptions = parts.subscriptions();
    this.fetcher = parts.fetcher();
  }

  /// One poll, until a time.
  ConsumerRecords<byte[], byte[]> until(long deadline) {
    if (subscriptions.isEmpty()) {
      throw new IllegalStateException(
          "Consumer is not subscribed to any topics or assigned any partitions");
    }
    do {
      throwIfWoken();
      long seen = connection.changes();
      boolean isReady = membership() && updatePositions(deadline);
      ConsumerRecords<byte[], byte[]> records = fetcher.collect();
      if (records == null) {
        fetcher.send();
        long left = deadline - connection.now();
        // a look-up of positions may be due again soon
        long bound =
            isReady && subscriptions.haveAllPositions()
                ? left
                : Math.min(left, parts.retryBackoff().toNanos());
        awaitChange(seen, bound);
        records = fetcher.collect();
      }
      if (records != null) {
        fetcher.send();
        return records;
      }
    } while (connection.now() < deadline);
    return ConsumerRecords.empty();
  }

  private void awaitChange(long seen, long nanos) {
    if (nanos > 0) {
      connection.await(() -> connection.changes() != seen || woken, Duration.ofNanos(nanos));
    }
  }

  private boolean membership() {
    ConsumerParts.Group group = parts.group();
    if (group == null) {
      return true;
    }
    group.offsets().tellCompleted();
    if (!subscriptions.isByTopic()) {
      return true;
    }
    boolean isActive = group.membership().poll();
    fetcher.retain(subscriptions.assigned());
    return isActive;
  }

  private boolean updatePositions(long deadline) {
    if (subscriptions.haveAllPositions()) {
      return true;
    }
    ConsumerParts.Group group = parts.group();
    if (group != null) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          group.offsets().committed(subscriptions.withoutPosition(), deadline);
      if (committed == null) {
        return false;
      }
      committed.forEach((partition, offset) -> {
        if (offset != null && subscriptions.isAssigned(partition)) {
          subscriptions.seek(partition, offset.offset());
        }
      });
    }
    subscriptions.resetThoseWithoutPosition();
    fetcher.lookUpResets();
    return true;
  }

  /// Has the poll that is under way, or the next one, end with an exception.
  void wake() {
    woken = true;
    connection.changed();
  }

  private void throwIfWoken() {
    if (woken) {
      woken = false;
      throw new WakeupException();
    }
  }

  /// The position of a partition, which is looked up if need be.
  long position(TopicPartition partition, Duration timeout) {
    long deadline = connection.now() + timeout.toNanos();
    do {
      Long position = subscriptions.position(partition);
      if (position != null) {
        return position;
      }
      long seen = connection.changes();
      updatePositions(deadline);
      if (subscriptions.position(partition) == null) {
        awaitChange(seen, deadline - connection.now());
      }
    } while (connection.now() < deadline);
    throw new TimeoutException(
        "Timeout of "
            + timeout.toMillis()
            + "ms expired before the position for partition "
            + partition
            + " could be determined");
  }
}
