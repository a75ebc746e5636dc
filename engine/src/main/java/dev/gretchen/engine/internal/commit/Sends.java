package dev.gretchen.engine.internal.commit;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/// Collects what became of an epoch's sends: the highest offset by partition, or the failure to act
/// on with the event that it belongs to. The producer's own thread calls back; the committer reads
/// after a flush or an abort.
///
/// One refused record fails others with it: those of its batch, and in a transaction all that are
/// still to be sent. So a failure that says what is wrong with its own record goes before the
/// others, whichever came first.
final class Sends {

  private final Producer<byte[], byte[]> producer;
  private final Map<TopicPartition, Long> positions = new HashMap<>();

  /// Where the records acknowledged last went, and how far. A batch's records come one after
  /// another, so only a batch is looked up in the map and not each record.
  private @Nullable TopicPartition recent;

  private long recentPosition;
  private @Nullable Failure failure;
  private long records;

  record Failure(EpochRecords.Origin origin, Exception cause) {

    /// Whether the brokers, or the client, refuse the record for what it is: sent again it would be
    /// refused again.
    boolean isOfTheRecord() {
      return cause instanceof RecordTooLargeException
          || cause instanceof InvalidTimestampException
          || cause instanceof InvalidRecordException;
    }
  }

  Sends(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  void send(ProducerRecord<byte[], byte[]> record, EpochRecords.Origin origin) {
    records++;
    producer.send(record, (metadata, cause) -> done(metadata, cause, origin));
  }

  long records() {
    return records;
  }

  synchronized @Nullable Failure failure() {
    return failure;
  }

  /// Last offset + 1 of each partition that got records.
  synchronized Map<TopicPartition, Long> positions() {
    keepRecent();
    return Map.copyOf(positions);
  }

  private synchronized void done(
      @Nullable RecordMetadata metadata, @Nullable Exception cause, EpochRecords.Origin origin) {
    if (cause != null) {
      Failure found = new Failure(origin, cause);
      if (failure == null || (found.isOfTheRecord() && !failure.isOfTheRecord())) {
        failure = found;
      }
    } else if (metadata != null) {
      TopicPartition known = recent;
      if (known == null
          || known.partition() != metadata.partition()
          || !known.topic().equals(metadata.topic())) {
        keepRecent();
        recent = new TopicPartition(metadata.topic(), metadata.partition());
        recentPosition = 0;
      }
      recentPosition = Math.max(recentPosition, metadata.offset() + 1);
    }
  }

  private void keepRecent() {
    if (recent != null) {
      positions.merge(recent, recentPosition, Math::max);
    }
  }
}
