package dev.gretchen.verifier.truth;

import org.jspecify.annotations.Nullable;

/// One committed record of a topic, as an observer saw it.
///
/// @param timestamp of the record, epoch milliseconds
/// @param observedAt when the observer saw it, epoch milliseconds
/// @param hasId whether it carries an event id
/// @param id the event id, 0 without one
/// @param lineage the lineage header's bytes, null where there is none
/// @param reason why a dead letter is one, by its header; null where there is none
@SuppressWarnings("ArrayRecordComponent")
public record LogRecord(
    int partition,
    long offset,
    long timestamp,
    long observedAt,
    byte @Nullable [] key,
    byte @Nullable [] value,
    boolean hasId,
    long id,
    byte @Nullable [] lineage,
    byte @Nullable [] reason) {

  /// The header in which a dead letter gives its reason.
  public static final String REASON_HEADER = "gretchen-dead-letter-reason";

  /// A record that is no dead letter.
  public LogRecord(
      int partition,
      long offset,
      long timestamp,
      long observedAt,
      byte @Nullable [] key,
      byte @Nullable [] value,
      boolean hasId,
      long id,
      byte @Nullable [] lineage) {
    this(partition, offset, timestamp, observedAt, key, value, hasId, id, lineage, null);
  }

  /// The same under another number of its partition.
  LogRecord inPartition(int number) {
    return new LogRecord(
        number, offset, timestamp, observedAt, key, value, hasId, id, lineage, reason);
  }
}
