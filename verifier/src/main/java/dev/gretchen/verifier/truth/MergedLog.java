package dev.gretchen.verifier.truth;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// All partitions of a log as one sequence: each in its own order, together by the time of
/// observation. The time only keeps cursors over several topics abreast, so that what a checker
/// must remember stays small; no verdict depends on it.
public final class MergedLog implements Iterator<LogRecord> {

  private final Iterator<LogRecord>[] cursors;
  private final @Nullable LogRecord[] heads;
  private @Nullable LogRecord first;
  private boolean known;

  /// A merge that starts at the beginning of the log.
  @SuppressWarnings({"unchecked", "rawtypes"})
  public MergedLog(PartitionedLog log) {
    this.cursors = new Iterator[log.partitions()];
    this.heads = new LogRecord[log.partitions()];
    for (int p = 0; p < cursors.length; p++) {
      cursors[p] = log.records(p);
      advance(p);
    }
  }

  @Override
  public boolean hasNext() {
    return peek() != null;
  }

  @Override
  public LogRecord next() {
    LogRecord next = peek();
    if (next == null) {
      throw new NoSuchElementException();
    }
    advance(next.partition());
    return next;
  }

  /// The next record without taking it, null at the end.
  public @Nullable LogRecord peek() {
    if (!known) {
      first = null;
      for (LogRecord head : heads) {
        if (head != null && (first == null || head.observedAt() < first.observedAt())) {
          first = head;
        }
      }
      known = true;
    }
    return first;
  }

  private void advance(int partition) {
    known = false;
    heads[partition] = cursors[partition].hasNext() ? cursors[partition].next() : null;
  }
}
