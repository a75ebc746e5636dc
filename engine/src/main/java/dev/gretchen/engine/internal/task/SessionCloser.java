package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.window.Places;
import dev.gretchen.engine.internal.window.Session;
import dev.gretchen.engine.internal.window.SessionCodec;
import dev.gretchen.engine.internal.window.WindowSpec;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Closes sessions, in the order of their ends.
///
/// **In line.** The event that begins a session puts it in the line of those that wait for their
/// close; one that makes it grow leaves it there. So a session is found too early, at most once a
/// gap, and is then put further back. In return a session that grows costs the changelog one record
/// a commit, itself.
///
/// **Who writes what.** Events write sessions that are not closed, their key's list, and put new
/// ones in the line. This closer deletes what has closed, also from its key's list, and moves the
/// line. An event under way may hold an older list; it leaves out what is closed at its own stream
/// time, which is all that has closed meanwhile. So neither brings back what the other has removed,
/// though no lane is between them.
final class SessionCloser implements WindowCloser {

  private static final byte[] NOTHING = new byte[0];

  private final TablePartition table;
  private final WindowSpec.Sessions sessions;
  private final DueKeys keys;
  private final ArrayDeque<ByteKey> found = new ArrayDeque<>();

  /// Nothing in the line is earlier.
  private long nextDue = Long.MIN_VALUE;

  SessionCloser(TablePartition table, WindowSpec.Sessions sessions) {
    this.table = table;
    this.sessions = sessions;
    this.keys = new DueKeys(StoreKeys.byClosePrefix(), table.store());
  }

  @Override
  public TablePartition table() {
    return table;
  }

  @Override
  public void begin() {
    // what waits for its close stands in the store
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
    if (found.isEmpty()) {
      found.addAll(keys.find(streamTime, FOUND_MAX));
    }
    ByteKey first = found.poll();
    if (first == null) {
      nextDue = keys.earliest();
      return null;
    }
    ByteKey session = StoreKeys.session(first);
    Long end = end(session);
    return end != null && sessions.isClosed(end, streamTime)
        ? new Closing(this, first, session, end)
        : new Closing(this, first, null, 0);
  }

  @Override
  public void close(Closing closing) {
    keys.pass(closing.due());
    table.delete(closing.due());
    ByteKey closed = closing.window();
    if (closed != null) {
      table.delete(closed);
      unlist(closed);
      return;
    }
    ByteKey session = StoreKeys.session(closing.due());
    Long end = end(session);
    if (end != null) {
      ByteKey inLine =
          StoreKeys.sessionByClose(
              sessions.closesAt(end),
              StoreKeys.windowStart(session.bytes()),
              StoreKeys.own(session));
      table.keep(table.at(inLine), NOTHING, Codecs.bytes());
    }
  }

  private @Nullable Long end(ByteKey session) {
    Cell cell = table.find(session);
    if (cell != null && cell.isKnown()) {
      return cell.value() instanceof Session<?> known ? known.end() : null;
    }
    byte[] stored = table.store().get(session.bytes());
    return stored == null ? null : SessionCodec.end(stored);
  }

  private void unlist(ByteKey session) {
    Cell list = table.at(StoreKeys.sessions(StoreKeys.own(session)));
    Places before = table.read(list, Places.CODEC);
    if (before == null) {
      return;
    }
    Places after = before.without(StoreKeys.windowStart(session.bytes()));
    if (after != before) {
      table.keep(list, after.isEmpty() ? null : after, Places.CODEC);
    }
  }

  @Override
  public void note(ByteKey key) {
    keys.note(key);
    nextDue = Math.min(nextDue, keys.time(key));
  }

  @Override
  public void forgetDropped() {
    keys.forget(key -> table.find(key) == null);
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
