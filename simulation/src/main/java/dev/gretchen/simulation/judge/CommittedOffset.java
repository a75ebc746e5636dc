package dev.gretchen.simulation.judge;

import dev.gretchen.testkit.kafka.OffsetCommit;
import dev.gretchen.verifier.contract.AppliedOffsets;

/// An offset of the app's group, when it became visible.
///
/// @param metadata as the engine committed it
/// @param nanos virtual time
public record CommittedOffset(
    String topic, int partition, long offset, String metadata, long nanos) {

  /// A commit as the simulated Kafka tells it.
  public static CommittedOffset of(OffsetCommit commit) {
    return new CommittedOffset(
        commit.partition().topic(),
        commit.partition().partition(),
        commit.offset(),
        commit.metadata(),
        commit.nanos());
  }

  /// What it calls applied; the offset alone where its metadata cannot be read, which the
  /// verifier's check of offsets reports.
  AppliedOffsets applied() {
    try {
      return AppliedOffsets.of(offset, metadata);
    } catch (IllegalArgumentException _) {
      return AppliedOffsets.of(offset, null);
    }
  }
}
