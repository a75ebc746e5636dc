package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.window.WindowSpec;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Closes tumbling and hopping windows: in the order of their starts, which is that of their ends,
/// and under one start in the order of keys.
final class AlignedCloser implements WindowCloser {

  private final TablePartition table;
  private final WindowSpec.Aligned windows;
  private final DueKeys keys;
  private final ArrayDeque<ByteKey> found = new ArrayDeque<>();
  private long nextDue = Long.MIN_VALUE;
  private byte @Nullable [] closedUpTo;

  AlignedCloser(TablePartition table, WindowSpec.Aligned windows) {
    this.table = table;
    this.windows = windows;
    this.keys = new DueKeys(StoreKeys.windowPrefix(), table.store());
  }

  @Override
  public TablePartition table() {
    return table;
  }

  @Override
  public void begin() {
    byte[] stored = table.store().get(StoreKeys.CLOSED_UP_TO.bytes());
    if (stored != null) {
      keys.passed(stored);
    }
  }

  @Override
  public boolean isDue(long streamTime) {
    return streamTime >= nextDue && streamTime != Long.MIN_VALUE;
  }

  @Override
  public @Nullable Closing next(long streamTime) {
    if (!isDue(streamTime)) {
      return null;
    }
    while (true) {
      if (found.isEmpty()) {
        found.addAll(keys.find(windows.lastClosed(streamTime), FOUND_MAX));
      }
      ByteKey first = found.poll();
      if (first == null) {
        nextDue = windows.nextClose(streamTime);
        return null;
      }
      if (table.has(first)) {
        long start = StoreKeys.windowStart(first.bytes());
        return new Closing(this, first, first, start + windows.sizeMillis());
      }
      keys.pass(first);
    }
  }

  @Override
  public void close(Closing closing) {
    keys.pass(closing.due());
    if (windows.outlivesItsClose()) {
      closedUpTo = closing.due().bytes();
    } else {
      table.delete(closing.due());
    }
  }

  @Override
  public void note(ByteKey key) {
    keys.note(key);
  }

  @Override
  public void forgetDropped() {
    keys.forget(key -> table.find(key) == null);
  }

  /// None while some have yet to close; and where windows are dropped as they close, never.
  @Override
  public long droppableBy(long streamTime) {
    return windows.outlivesItsClose() && !isDue(streamTime) ? streamTime : Long.MIN_VALUE;
  }

  @Override
  public byte @Nullable [] takeClosedUpTo() {
    byte[] taken = closedUpTo;
    closedUpTo = null;
    return taken;
  }
}
