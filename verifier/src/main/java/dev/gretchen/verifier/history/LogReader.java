package dev.gretchen.verifier.history;

import dev.gretchen.verifier.truth.LogRecord;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// Reads what [LogWriter] wrote, in constant memory; closes the file at its end.
public final class LogReader implements Iterator<LogRecord>, AutoCloseable {

  private final BlockReader blocks;
  private final int partition;
  private long offset;
  private long timestamp;
  private long observedAt;

  /// Opens a file; the records will say that they are of this partition.
  public LogReader(Path path, int partition) {
    this.blocks = new BlockReader(path);
    this.partition = partition;
  }

  @Override
  public boolean hasNext() {
    return blocks.hasNext();
  }

  @Override
  public LogRecord next() {
    if (!blocks.hasNext()) {
      throw new NoSuchElementException();
    }
    if (blocks.takeBlockStart()) {
      offset = 0;
      timestamp = 0;
      observedAt = 0;
    }
    int flags = (int) blocks.varint();
    offset += blocks.varint();
    timestamp += blocks.signed();
    observedAt += blocks.signed();
    boolean hasId = (flags & LogWriter.HAS_ID) != 0;
    long id = hasId ? blocks.fixed() : 0;
    byte[] key = (flags & LogWriter.HAS_KEY) != 0 ? blocks.bytes() : null;
    byte[] value = (flags & LogWriter.HAS_VALUE) != 0 ? blocks.bytes() : null;
    byte[] lineage = (flags & LogWriter.HAS_LINEAGE) != 0 ? blocks.bytes() : null;
    byte[] reason = (flags & LogWriter.HAS_REASON) != 0 ? blocks.bytes() : null;
    return new LogRecord(
        partition, offset, timestamp, observedAt, key, value, hasId, id, lineage, reason);
  }

  @Override
  public void close() {
    blocks.close();
  }
}
