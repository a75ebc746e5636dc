package dev.gretchen.engine.internal.recovery;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/// The recovery's consumer, which remembers what it is assigned, and for whom it was sought,
/// without asking the brokers.
final class RecoveryConsumer implements AutoCloseable {

  private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, PartitionRecovery> soughtFor = new HashMap<>();
  private Set<TopicPartition> assigned = Set.of();

  RecoveryConsumer(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  void assign(Set<TopicPartition> partitions) {
    if (!partitions.equals(assigned)) {
      consumer.assign(partitions);
      assigned = Set.copyOf(partitions);
      soughtFor.keySet().retainAll(partitions);
    }
  }

  /// Seeks those that were not sought for this very recovery. A partition may pass from one
  /// recovery to the next without leaving the assignment; where the consumer stands then is where
  /// the one before got to, and its store may not have got as far.
  void seekNew(Map<TopicPartition, PartitionRecovery> reading) {
    reading.forEach((partition, recovery) -> {
      if (soughtFor.put(partition, recovery) != recovery) {
        consumer.seek(partition, recovery.reached());
      }
    });
  }

  ConsumerRecords<byte[], byte[]> poll(Duration bound) {
    return consumer.poll(bound);
  }

  /// The next offset to be read, beyond control records, of an assigned partition.
  long position(TopicPartition partition) {
    return consumer.position(partition);
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(CLOSE_BOUND));
  }
}
