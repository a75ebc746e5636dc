package dev.gretchen.engine.internal.recovery;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/// The recovery's consumer, which remembers what it is assigned and where it stands without asking
/// the brokers.
final class RecoveryConsumer implements AutoCloseable {

  private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final Set<TopicPartition> sought = new HashSet<>();
  private Set<TopicPartition> assigned = Set.of();

  RecoveryConsumer(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  void assign(Set<TopicPartition> partitions) {
    if (!partitions.equals(assigned)) {
      consumer.assign(partitions);
      assigned = Set.copyOf(partitions);
      sought.retainAll(partitions);
    }
  }

  /// Seeks those that were not sought since they were assigned.
  void seekNew(Map<TopicPartition, Long> from) {
    from.forEach((partition, offset) -> {
      if (sought.add(partition)) {
        consumer.seek(partition, offset);
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
