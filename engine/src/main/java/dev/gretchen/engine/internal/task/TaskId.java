package dev.gretchen.engine.internal.task;

import org.apache.kafka.common.TopicPartition;

/// A task is named by its input partition.
public record TaskId(String topic, int partition) {

  public static TaskId of(TopicPartition partition) {
    return new TaskId(partition.topic(), partition.partition());
  }

  public TopicPartition input() {
    return new TopicPartition(topic, partition);
  }

  @Override
  public String toString() {
    return topic + "-" + partition;
  }
}
