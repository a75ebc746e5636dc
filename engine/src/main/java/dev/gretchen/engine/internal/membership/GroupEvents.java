package dev.gretchen.engine.internal.membership;

import java.util.Collection;
import org.apache.kafka.common.TopicPartition;

/// Who wants to know of this worker's life in the group. Told on the polling thread; must not
/// block.
public interface GroupEvents {

  /// The poll loop has come round once more.
  void polled();

  /// There may be members of whom this worker is told only with its next assignment: it is giving
  /// up partitions first, or was thrown out of the group.
  void membersOutdated();

  /// A rebalance has ended.
  ///
  /// @param gained partitions that it brought here
  void assigned(int generation, Collection<TopicPartition> gained);

  /// This worker is about to leave in order.
  void leaving();

  /// This worker has left: the group is about to wait for all others.
  void left();
}
