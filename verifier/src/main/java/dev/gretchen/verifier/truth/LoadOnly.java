package dev.gretchen.verifier.truth;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// A log without the records of some events: those that came to it by another way than the load,
/// and are judged by themselves.
public final class LoadOnly implements PartitionedLog {

  private final PartitionedLog log;
  private final LongPredicate others;

  /// @param others whether an event id is of one that is left out
  public LoadOnly(PartitionedLog log, LongPredicate others) {
    this.log = log;
    this.others = others;
  }

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
    Iterator<LogRecord> all = log.records(partition);
    return new Iterator<>() {
      private @Nullable LogRecord next = following();

      private @Nullable LogRecord following() {
        while (all.hasNext()) {
          LogRecord record = all.next();
          if (!record.hasId() || !others.test(record.id())) {
            return record;
          }
        }
        return null;
      }

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public LogRecord next() {
        LogRecord current = next;
        if (current == null) {
          throw new NoSuchElementException();
        }
        next = following();
        return current;
      }
    };
  }
}
