package dev.gretchen.verifier.truth;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One committed record of a topic, as an observer saw it.
///
/// @param timestamp of the record, epoch milliseconds
/// @param observedAt when the observer saw it, epoch milliseconds
/// @param hasId whether it carries an event id
/// @param id the event id, 0 without one
/// @param lineage the lineage header's bytes, null where there is none
/// @param reason why a record was put aside, by its headers: of a dead letter its reason, of a late
///   event the table and, behind a blank, the windows that it missed; null where there is none
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

  /// The header in which a late event names the table that it came too late for.
  public static final String LATE_TABLE_HEADER = "gretchen-late-table";

  /// The header in which a late event names the windows that it missed.
  public static final String LATE_WINDOWS_HEADER = "gretchen-late-windows";

  /// Why a record was put aside, by what these headers of it say; null where it was not.
  public static byte @Nullable [] reason(
      byte @Nullable [] deadLetter, byte @Nullable [] lateTable, byte @Nullable [] lateWindows) {
    if (deadLetter != null || lateTable == null || lateWindows == null) {
      return deadLetter;
    }
    return ByteBuffer.allocate(lateTable.length + 1 + lateWindows.length)
        .put(lateTable)
        .put((byte) ' ')
        .put(lateWindows)
        .array();
  }

  /// A record that was not put aside.
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
