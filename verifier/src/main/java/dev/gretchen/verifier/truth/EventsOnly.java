package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.ChangelogKey;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// What events have written to a changelog: without what an engine keeps there for itself, and
/// without the tombstones of what has expired, both of which may name an event of an earlier
/// transaction as the last before them.
public record EventsOnly(PartitionedLog log) implements PartitionedLog {

  @Override
  public String topic() {
    return log.topic();
  }

  @Override
  public int partitions() {
    return log.partitions();
  }

  @Override
  public String place(int partition) {
    return log.place(partition);
  }

  @Override
  public Iterator<LogRecord> records(int partition) {
    return new Written(log.records(partition));
  }

  private static final class Written implements Iterator<LogRecord> {
    private final Iterator<LogRecord> records;
    private @Nullable LogRecord next;

    Written(Iterator<LogRecord> records) {
      this.records = records;
    }

    @Override
    public boolean hasNext() {
      while (next == null && records.hasNext()) {
        LogRecord record = records.next();
        byte[] key = record.key();
        next =
            key != null && record.value() != null && !ChangelogKey.isReserved(key) ? record : null;
      }
      return next != null;
    }

    @Override
    public LogRecord next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      LogRecord taken = next;
      next = null;
      if (taken == null) {
        throw new NoSuchElementException();
      }
      return taken;
    }
  }
}
