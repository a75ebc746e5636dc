package dev.gretchen.testkit.client;

import java.util.Collection;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/// The order in which partitions reach requests and callbacks: by topic, then by number.
final class Partitions {

  static final Comparator<TopicPartition> BY_NAME =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private Partitions() {}

  static NavigableSet<TopicPartition> none() {
    return new TreeSet<>(BY_NAME);
  }

  /// A copy, in order.
  static NavigableSet<TopicPartition> sorted(Collection<TopicPartition> partitions) {
    NavigableSet<TopicPartition> sorted = none();
    sorted.addAll(partitions);
    return sorted;
  }
}
