package dev.gretchen.engine.internal.task;

import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;

/// A task is named by its input partition; in the order of names.
public record TaskId(String topic, int partition) implements Comparable<TaskId> {

  private static final Comparator<TaskId> BY_NAME =
      Comparator.comparing(TaskId::topic).thenComparingInt(TaskId::partition);

  @Override
  public int compareTo(TaskId other) {
    return BY_NAME.compare(this, other);
  }

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
