package dev.gretchen.engine.internal.commit;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/// What the polling thread has confirmed: under this metadata, every task that is not void is ours.
/// Handed over at each rebalance callback, so a higher version means that there was one since.
///
/// An epoch is sent only under metadata of this kind. Metadata asked from the consumer at another
/// moment may be fresher than what we know of our partitions, and a fenced worker that rejoined
/// could then move an old offset.
public record Ownership(long version, ConsumerGroupMetadata metadata) {

  /// A member that has not joined is accepted by brokers unfenced; we refuse it ourselves.
  public boolean isMember() {
    return metadata.generationId() >= 0;
  }
}
