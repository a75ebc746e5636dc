package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.window.WindowSpec;
import org.jspecify.annotations.Nullable;

/// Closes the windows of one table partition, in their order.
///
/// **Once.** A window that has closed is gone from the table, or, where it is kept, lies behind the
/// last that has closed, which is noted in the changelog. Either is in the transaction of what its
/// handler has sent. So for whoever recovers the table there is all of it or nothing, and nobody
/// asks what was fired: he closes what is there and due.
///
/// **By the base.** A window closes by the stream time below which no event is unfinished. What is
/// late was decided by a stream time that is not lower. So nobody writes to a window that is due,
/// not even in a lane of its own.
///
/// As [TablePartition].
sealed interface WindowCloser permits AlignedCloser, SessionCloser, JoinCloser {

  /// Windows that are looked for at a time.
  int FOUND_MAX = 500;

  /// The closer of a table; null where nothing waits for a window's end.
  static @Nullable WindowCloser of(TablePartition table) {
    return switch (table.spec().windows()) {
      case null -> null;
      case WindowSpec.Aligned windows ->
          table.spec().closing() == null ? null : new AlignedCloser(table, windows);
      case WindowSpec.Sessions sessions -> new SessionCloser(table, sessions);
      case WindowSpec.Join window -> new JoinCloser(table, window);
    };
  }

  /// A window that closes.
  ///
  /// @param due the key by which it was found
  /// @param window null where nothing is to be handled: a session that goes on, or is gone, an
  ///   event of a join that has met others
  /// @param end of the window
  record Closing(WindowCloser closer, ByteKey due, @Nullable ByteKey window, long end) {}

  TablePartition table();

  /// The task begins, with what the store holds.
  void begin();

  /// Whether a window may close at a stream time; costs next to nothing.
  boolean isDue(long streamTime);

  /// The next window that closes at a stream time; null for none.
  @Nullable Closing next(long streamTime);

  /// A window was handled: changes the table's cells accordingly, as part of the same unit.
  void close(Closing closing);

  /// A key has a value in the open epoch, and had none or another.
  void note(ByteKey key);

  /// The overlay has dropped cells that the store holds.
  void forgetDropped();

  /// The stream time by which windows may be dropped, which must have closed before; the beginning
  /// of time for none.
  long droppableBy(long streamTime);

  /// The key of the last window that has closed, where that is to be noted and is new; null
  /// otherwise. Taken once a commit.
  byte @Nullable [] takeClosedUpTo();
}
