package dev.gretchen.verifier.history;

import dev.gretchen.verifier.truth.LogRecord;
import java.nio.file.Path;
import java.util.zip.Deflater;

/// Writes the observed records of one topic partition. Not thread-safe.
///
/// An entry is: flags, offset, timestamp and time of observation as differences to the entry
/// before, then what the flags announce: id (8 bytes), key, value, lineage and reason (each with
/// its length).
public final class LogWriter implements AutoCloseable {

  static final int HAS_KEY = 1;
  static final int HAS_VALUE = 2;
  static final int HAS_ID = 4;
  static final int HAS_LINEAGE = 8;
  static final int HAS_REASON = 16;

  private final BlockWriter blocks;
  private long offset;
  private long timestamp;
  private long observedAt;

  LogWriter(Path path, Deflater deflater) {
    this.blocks = new BlockWriter(path, deflater);
  }

  /// Creates a file.
  public LogWriter(Path path) {
    this(path, BlockWriter.deflater());
  }

  /// Appends a record; offsets must rise.
  public void append(LogRecord record) {
    if (blocks.atBlockStart()) {
      offset = 0;
      timestamp = 0;
      observedAt = 0;
    }
    byte[] key = record.key();
    byte[] value = record.value();
    byte[] lineage = record.lineage();
    byte[] reason = record.reason();
    blocks.varint(
        (key == null ? 0 : HAS_KEY)
            | (value == null ? 0 : HAS_VALUE)
            | (record.hasId() ? HAS_ID : 0)
            | (lineage == null ? 0 : HAS_LINEAGE)
            | (reason == null ? 0 : HAS_REASON));
    blocks.varint(record.offset() - offset);
    blocks.signed(record.timestamp() - timestamp);
    blocks.signed(record.observedAt() - observedAt);
    if (record.hasId()) {
      blocks.fixed(record.id());
    }
    if (key != null) {
      blocks.bytes(key);
    }
    if (value != null) {
      blocks.bytes(value);
    }
    if (lineage != null) {
      blocks.bytes(lineage);
    }
    if (reason != null) {
      blocks.bytes(reason);
    }
    offset = record.offset();
    timestamp = record.timestamp();
    observedAt = record.observedAt();
    blocks.endEntry();
  }

  /// Makes all that was appended readable.
  public void flush() {
    blocks.flush();
  }

  @Override
  public void close() {
    blocks.close();
  }
}
