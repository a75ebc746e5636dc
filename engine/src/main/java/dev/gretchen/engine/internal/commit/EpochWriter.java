package dev.gretchen.engine.internal.commit;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/// Makes epochs visible. Used by the committer's thread alone.
public interface EpochWriter extends AutoCloseable {

  /// Begins, or begins anew: fences earlier processes of the same slot and settles a transaction
  /// that one of them, or this one, left behind.
  ///
  /// @throws org.apache.kafka.common.KafkaException if the brokers cannot be asked now
  void begin();

  /// Tries once to make an epoch visible.
  ///
  /// @param epoch not empty
  /// @param metadata confirmed by the polling thread
  WriteOutcome write(Epoch epoch, ConsumerGroupMetadata metadata);

  @Override
  void close();
}
