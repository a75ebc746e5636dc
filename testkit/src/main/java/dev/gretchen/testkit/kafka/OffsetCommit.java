package dev.gretchen.testkit.kafka;

import org.apache.kafka.common.TopicPartition;

/// A committed offset, when it became visible.
///
/// @param nanos virtual time
public record OffsetCommit(TopicPartition partition, long offset, String metadata, long nanos) {}
