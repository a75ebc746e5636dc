package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.join.Held;
import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.join.SideTimes;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.JoinKeys;
import dev.gretchen.engine.internal.window.WindowSpec;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Lets go of the events that a join holds, when nothing that meets them can come any more: of the
/// two sides together in the order of their times. Who was alone until then is told so.
///
/// **By the other side's time,** and not by stream time, which is the highest of both: a side that
/// runs ahead of the other closes nothing of its own. The times lie with the data, and each event
/// notes them with what else it writes.
///
/// **Never again.** An event is held only where it is not done when it comes, so nothing is put in
/// line before what has left it.
final class JoinCloser implements WindowCloser {

  private final TablePartition table;
  private final WindowSpec.Join window;
  private final Line left;
  private final Line right;

  /// The events of a side that are held, in the order of their times.
  private static final class Line {

    private final DueKeys keys;
    private final ArrayDeque<ByteKey> found = new ArrayDeque<>();

    /// Nothing in the line is earlier.
    private long earliest = Long.MIN_VALUE;

    Line(Side side, TablePartition table) {
      this.keys = new DueKeys(JoinKeys.linePrefix(side), table.store());
    }

    boolean isDue(long lastDone) {
      return lastDone != SideTimes.NONE && earliest <= lastDone;
    }

    /// The first that is due; null for none.
    @Nullable ByteKey first(long lastDone) {
      if (!isDue(lastDone)) {
        return null;
      }
      if (found.isEmpty()) {
        found.addAll(keys.find(lastDone, FOUND_MAX));
      }
      ByteKey first = found.peek();
      if (first == null) {
        earliest = keys.earliest();
      }
      return first;
    }

    void note(ByteKey key) {
      keys.note(key);
      earliest = Math.min(earliest, keys.time(key));
    }
  }

  JoinCloser(TablePartition table, WindowSpec.Join window) {
    this.table = table;
    this.window = window;
    this.left = new Line(Side.LEFT, table);
    this.right = new Line(Side.RIGHT, table);
  }

  @Override
  public TablePartition table() {
    return table;
  }

  @Override
  public void begin() {
    // what is held stands in the store
  }

  @Override
  public boolean isDue(long streamTime) {
    SideTimes times = times();
    return left.isDue(window.lastDone(Side.LEFT, times))
        || right.isDue(window.lastDone(Side.RIGHT, times));
  }

  @Override
  public @Nullable Closing next(long streamTime) {
    SideTimes times = times();
    ByteKey ofLeft = left.first(window.lastDone(Side.LEFT, times));
    ByteKey ofRight = right.first(window.lastDone(Side.RIGHT, times));
    boolean isLeft =
        ofRight == null || (ofLeft != null && left.keys.time(ofLeft) <= right.keys.time(ofRight));
    Line line = isLeft ? left : right;
    ByteKey inLine = line.found.poll();
    if (inLine == null) {
      return null;
    }
    ByteKey held = JoinKeys.held(inLine);
    return table.spec().closing() != null && isAwaited(held)
        ? new Closing(this, inLine, held, line.keys.time(inLine) + 1)
        : new Closing(this, inLine, null, 0);
  }

  private boolean isAwaited(ByteKey held) {
    Cell cell = table.find(held);
    if (cell != null && cell.isKnown()) {
      return cell.value() instanceof Held known && known.isAwaited();
    }
    byte[] stored = table.store().get(held.bytes());
    return stored != null && Held.CODEC.decode(stored).isAwaited();
  }

  private SideTimes times() {
    SideTimes known = table.read(table.at(JoinKeys.TIMES), SideTimes.CODEC);
    return known == null ? SideTimes.UNKNOWN : known;
  }

  @Override
  public void close(Closing closing) {
    ByteKey inLine = closing.due();
    (JoinKeys.side(inLine) == Side.LEFT ? left : right).keys.pass(inLine);
    table.delete(inLine);
    table.delete(JoinKeys.held(inLine));
  }

  @Override
  public void note(ByteKey key) {
    left.note(key);
    right.note(key);
  }

  @Override
  public void forgetDropped() {
    left.keys.forget(key -> table.find(key) == null);
    right.keys.forget(key -> table.find(key) == null);
  }

  @Override
  public long droppableBy(long streamTime) {
    return Long.MIN_VALUE;
  }

  @Override
  public byte @Nullable [] takeClosedUpTo() {
    return null;
  }
}
