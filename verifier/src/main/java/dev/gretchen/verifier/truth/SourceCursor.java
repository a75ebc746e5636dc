package dev.gretchen.verifier.truth;

import java.nio.ByteBuffer;
import java.util.Iterator;

/// Walks one partition of a source log and says of each event which group counts it.
///
/// This is the one place where lateness is decided: *stream time* is the highest timestamp of the
/// partition so far, the current event included, and an event whose window has expired by then is
/// counted nowhere. Records without an event id, or without a key, count nowhere either.
public final class SourceCursor {

  private static final byte[] NO_GROUP = {};

  private final Iterator<LogRecord> records;
  private final Grouping grouping;
  private long streamTime = Long.MIN_VALUE;
  private long id;
  private boolean late;

  /// A cursor at the beginning of a partition.
  public SourceCursor(Iterator<LogRecord> records, Grouping grouping) {
    this.records = records;
    this.grouping = grouping;
  }

  /// Whether there is another record.
  public boolean hasNext() {
    return records.hasNext();
  }

  /// Takes the next record; its group's bytes, empty where no group counts it.
  public byte[] next() {
    LogRecord record = records.next();
    streamTime = Math.max(streamTime, record.timestamp());
    late = false;
    byte[] key = record.key();
    if (!record.hasId() || key == null) {
      return NO_GROUP;
    }
    id = record.id();
    return switch (grouping) {
      case Grouping.ByKey _ -> key;
      case Grouping.ByWindow window -> {
        long start = window.windowStart(record.timestamp());
        late = window.expired(start, streamTime);
        yield late
            ? NO_GROUP
            : ByteBuffer.allocate(Long.BYTES + key.length).putLong(start).put(key).array();
      }
    };
  }

  /// The event id of the record taken last.
  public long id() {
    return id;
  }

  /// Whether the record taken last was an event that came too late.
  public boolean late() {
    return late;
  }

  /// Stream time after the record taken last, epoch milliseconds.
  public long streamTime() {
    return streamTime;
  }
}
