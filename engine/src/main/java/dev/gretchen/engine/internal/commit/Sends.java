package dev.gretchen.engine.internal.commit;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Collects what became of an epoch's sends: the highest offset by partition, or the first failure
/// with the event that it belongs to. The producer's own thread calls back; the committer reads
/// after a flush.
final class Sends {

  private final Producer<byte[], byte[]> producer;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private @Nullable Failure failure;
  private long records;

  record Failure(EpochRecords.Origin origin, Exception cause) {}

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
    return Map.copyOf(positions);
  }

  private synchronized void done(
      @Nullable RecordMetadata metadata, @Nullable Exception cause, EpochRecords.Origin origin) {
    if (cause != null) {
      if (failure == null) {
        failure = new Failure(origin, cause);
      }
    } else if (metadata != null) {
      positions.merge(
          new TopicPartition(metadata.topic(), metadata.partition()),
          metadata.offset() + 1,
          Math::max);
    }
  }
}
