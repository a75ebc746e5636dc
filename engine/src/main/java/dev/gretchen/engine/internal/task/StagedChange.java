package dev.gretchen.engine.internal.task;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// A key's last value in an epoch, with the range of events that it stands for.
///
/// @param value null deletes the key
/// @param firstOffset of the first event of the epoch that changed the key
/// @param lastOffset of the last one
/// @param timestamp of the last one; negative for none
/// @param eventId the header of the last one that is handed on, null if it has none
public record StagedChange(
    byte @Nullable [] value,
    long firstOffset,
    long lastOffset,
    long timestamp,
    @Nullable Header eventId) {

  /// What an entry costs beside key and value, roughly.
  static final long OVERHEAD = 120;

  /// A change whose event need not be known, because it is not published.
  static StagedChange unpublished(byte @Nullable [] value, long offset) {
    return new StagedChange(value, offset, offset, ConsumerRecord.NO_TIMESTAMP, null);
  }

  int valueBytes() {
    return value == null ? 0 : value.length;
  }

  /// The same key, changed again later in the epoch.
  StagedChange followedBy(StagedChange later) {
    return new StagedChange(
        later.value, firstOffset, later.lastOffset, later.timestamp, later.eventId);
  }
}
