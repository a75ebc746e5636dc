package dev.gretchen.engine.internal.recovery;

import dev.gretchen.engine.internal.progress.Progress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// What recovery asks the cluster. Each call is bounded; one that fails is a [NotNow], to be asked
/// again.
interface ClusterFacts extends AutoCloseable {

  /// What is committed of inputs, where no pending transaction can change it any more. A partition
  /// without one is mapped to empty; a partition whose offset is still in a pending transaction is
  /// **absent**, and must be asked for again.
  Map<TopicPartition, Optional<Progress>> stableOffsets(Collection<TopicPartition> inputs)
      throws NotNow;

  /// First offsets of the logs.
  Map<TopicPartition, Long> starts(Collection<TopicPartition> partitions) throws NotNow;

  /// Log ends, records of pending transactions included.
  Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) throws NotNow;

  /// Ids by name; a topic made anew has another.
  Map<String, Uuid> topicIds(Collection<String> names) throws NotNow;

  @Override
  void close();

  /// The cluster did not answer.
  final class NotNow extends Exception {
    private static final long serialVersionUID = 1L;

    NotNow(String what, Throwable cause) {
      super(what + ": " + cause, cause);
    }
  }
}
