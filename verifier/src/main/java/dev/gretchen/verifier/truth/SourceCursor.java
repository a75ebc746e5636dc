package dev.gretchen.verifier.truth;

import java.nio.ByteBuffer;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Walks one partition of a source log and says of each event which groups count it, one after
/// another where it lies in several windows.
///
/// This is the one place where lateness for windows of one size is decided: *stream time* is the
/// highest timestamp of the partition so far, the current event included, and a window that has
/// closed by then does not count the event. So it hangs on nothing but the order in the partition,
/// as Kafka has it. Records without an event id, or without a key, count nowhere either.
public final class SourceCursor {

  private static final byte[] NO_GROUP = {};

  private final Iterator<LogRecord> records;
  private final Grouping grouping;
  private long streamTime = Long.MIN_VALUE;
  private @Nullable LogRecord current;
  private byte[] key = NO_GROUP;
  private long id;
  private boolean late;
  private long start;

  /// The windows of the record at hand that are still to be told: none where the first lies behind
  /// the last.
  private long nextStart;

  private long lastStart = -1;

  /// A cursor at the beginning of a partition.
  public SourceCursor(Iterator<LogRecord> records, Grouping grouping) {
    this.records = records;
    this.grouping = grouping;
  }

  /// Whether there is another record.
  public boolean hasNext() {
    return nextStart <= lastStart || records.hasNext();
  }

  /// Takes the next record, or the next window of the record at hand; the group's bytes, empty
  /// where no group counts it.
  public byte[] next() {
    if (nextStart > lastStart && !take(records.next())) {
      return NO_GROUP;
    }
    return switch (grouping) {
      case Grouping.ByKey _ -> key;
      case Grouping.ByWindow window -> window(window);
    };
  }

  /// Takes a record; false where nothing counts it.
  private boolean take(LogRecord record) {
    current = record;
    streamTime = Math.max(streamTime, record.timestamp());
    late = false;
    byte[] recordKey = record.key();
    if (!record.hasId() || recordKey == null) {
      return false;
    }
    id = record.id();
    key = recordKey;
    if (grouping instanceof Grouping.ByWindow window) {
      nextStart = window.firstStart(record.timestamp());
      lastStart = window.windowStart(record.timestamp());
    }
    return true;
  }

  private byte[] window(Grouping.ByWindow window) {
    start = nextStart;
    nextStart += window.step().toMillis();
    late = window.closed(start, streamTime);
    return late
        ? NO_GROUP
        : ByteBuffer.allocate(Long.BYTES + key.length).putLong(start).put(key).array();
  }

  /// The record taken last.
  ///
  /// @throws IllegalStateException before the first
  public LogRecord record() {
    LogRecord taken = current;
    if (taken == null) {
      throw new IllegalStateException("no record was taken yet");
    }
    return taken;
  }

  /// The event id of the record taken last.
  public long id() {
    return id;
  }

  /// Whether the event came too late for the window told last.
  public boolean late() {
    return late;
  }

  /// The start of the window told last, epoch milliseconds.
  public long windowStart() {
    return start;
  }

  /// Stream time after the record taken last, epoch milliseconds.
  public long streamTime() {
    return streamTime;
  }
}
