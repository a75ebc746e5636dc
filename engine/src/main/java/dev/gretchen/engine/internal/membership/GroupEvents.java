package dev.gretchen.engine.internal.membership;

import java.util.Collection;
import org.apache.kafka.common.TopicPartition;

/// Who wants to know of this worker's life in the group. Told on the polling thread; must not
/// block.
public interface GroupEvents {

  /// The poll loop has come round once more.
  void polled();

  /// A rebalance is about to end, by which this worker has to give up partitions first: there may
  /// be members that it is told of only then.
  void revoking();

  /// A rebalance has ended.
  ///
  /// @param gained partitions that it brought here
  void assigned(int generation, Collection<TopicPartition> gained);

  /// This worker is about to leave in order.
  void leaving();

  /// This worker has left: the group is about to wait for all others.
  void left();
}
