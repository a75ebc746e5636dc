package dev.gretchen.testkit.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/// A consumer all of whose waits have a bound: where a caller names none, its configuration does.
/// The calls without one are given here.
interface BoundedConsumer extends ByNameConsumer {

  /// How long a close waits that is given no bound: the real client's own.
  Duration CLOSE_BOUND = Duration.ofSeconds(30);

  /// How long a call waits that is given no bound.
  Duration apiTimeout();

  @Override
  default long position(TopicPartition partition) {
    return position(partition, apiTimeout());
  }

  @Override
  default Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
    return beginningOffsets(partitions, apiTimeout());
  }

  @Override
  default Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    return endOffsets(partitions, apiTimeout());
  }

  @Override
  default Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
    return committed(partitions, apiTimeout());
  }

  @Override
  default void commitSync() {
    commitSync(apiTimeout());
  }

  @Override
  default void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    commitSync(offsets, apiTimeout());
  }

  @Override
  default List<PartitionInfo> partitionsFor(String topic) {
    return partitionsFor(topic, apiTimeout());
  }

  @Override
  default Map<String, List<PartitionInfo>> listTopics() {
    return listTopics(apiTimeout());
  }

  @Override
  default void close() {
    close(CloseOptions.timeout(CLOSE_BOUND));
  }

  @Override
  @SuppressWarnings("deprecation") // it is part of the interface still
  default void close(Duration timeout) {
    close(CloseOptions.timeout(timeout));
  }
}
