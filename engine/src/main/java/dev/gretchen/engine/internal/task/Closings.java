package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.WindowClosing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// Has the windows of a task close, one after another, between its events.
///
/// **One step.** A closing is a unit like an event: its handler's effects wait until it has
/// returned, and join the open epoch together with what says that the window has closed. They need
/// not be in the epoch of the event that moved stream time: a successor that finds the window still
/// there closes it, when it begins.
///
/// **Stand-in.** Its handler runs as if for a record with the window's key, at the last millisecond
/// of the window. In the place of an offset it has the window's end and six digits that tell table
/// and window: the same at each attempt, wherever it runs. So what brokers refuse of it is told
/// from all events, and from the windows that end with it.
///
/// **Threads.** On the task's activation, of which there is one at a time. The table partitions are
/// looked at under the task's lock. Where events are handled beside one another, a handler of a
/// closing may only send ([RefusedTable]).
final class Closings {

  /// Windows closed in one activation before other partitions get their turn.
  private static final int ACTIVATION_CLOSINGS_MAX = 1_000;

  /// Behind the window's end, in the place of an offset.
  private static final long SIX_DIGITS = 1_000_000;

  private final Task task;
  private final List<WindowCloser> closers;
  private final CurrentEvent effects;
  private final Attempts attempts;
  private final ReentrantLock lock;
  private final Runnable some;

  /// Whether windows may be due. A successor begins with what its predecessor left open.
  private volatile boolean due = true;

  // confined to the activation
  private int left;
  private boolean goesOn;
  private long streamTime = Long.MIN_VALUE;

  /// @param effects of the closing at hand
  /// @param isInScope whether the activation has them in its scope
  private Closings(
      Task task,
      List<WindowCloser> closers,
      CurrentEvent effects,
      Attempts attempts,
      ReentrantLock lock,
      boolean isInScope) {
    this.task = task;
    this.closers = closers;
    this.effects = effects;
    this.attempts = attempts;
    this.lock = lock;
    this.some = isInScope ? this::closeSome : effects.inScope(this::closeSome);
    closers.forEach(WindowCloser::begin);
  }

  /// For a task whose events are handled one after another: with the effects of its events, which
  /// have none while a window closes.
  static Closings between(
      Task task,
      List<WindowCloser> closers,
      CurrentEvent effects,
      Attempts attempts,
      ReentrantLock lock) {
    return new Closings(task, closers, effects, attempts, lock, true);
  }

  /// For a task whose events are handled beside one another.
  static Closings beside(
      Task task,
      TaskContext context,
      List<WindowCloser> closers,
      List<TablePartition> tables,
      Waiting waiting,
      ReentrantLock lock) {
    CurrentEvent effects = new CurrentEvent(context, waiting);
    for (TablePartition table : tables) {
      String name = table.spec().name();
      effects.add(name, new RefusedTable(name));
    }
    Attempts attempts = new Attempts(task, context, effects, waiting, true);
    return new Closings(task, closers, effects, attempts, lock, false);
  }

  /// Whether there may be something to do. Any thread.
  boolean areDue() {
    return due;
  }

  /// Stream time may have moved. On the activation, or under the lock.
  void look(long now) {
    for (int i = 0; i < closers.size(); i++) {
      if (closers.get(i).isDue(now)) {
        due = true;
      }
    }
  }

  /// Closes what is due, as far as one activation does. On the activation.
  ///
  /// @return false if some are left for another activation, or another incarnation
  boolean closeDue() {
    if (!due) {
      return true;
    }
    due = false;
    goesOn = true;
    left = ACTIVATION_CLOSINGS_MAX;
    some.run();
    if (left <= 0 || !task.mayGoOn()) {
      due = true;
    }
    return goesOn && !due;
  }

  private void closeSome() {
    for (WindowCloser closer : closers) {
      WindowCloser.Closing closing = next(closer);
      while (closing != null) {
        if (!close(closing)) {
          goesOn = false;
          return;
        }
        left--;
        closing = next(closer);
      }
    }
  }

  private WindowCloser.@Nullable Closing next(WindowCloser closer) {
    if (left <= 0 || !task.mayGoOn()) {
      return null;
    }
    lock.lock();
    try {
      streamTime = task.closingTime();
      return closer.next(streamTime);
    } finally {
      lock.unlock();
    }
  }

  private boolean close(WindowCloser.Closing closing) {
    ByteKey window = closing.window();
    WindowClosing handler = closing.closer().table().spec().closing();
    if (window == null || handler == null) {
      return task.join(closing, effects, null);
    }
    byte[] key = StoreKeys.own(window);
    ConsumerRecord<byte[], byte[]> stand = standIn(closing, key, null);
    AgentSpec.Call call = () -> handler.bind(window, value(closing, window, handler)).run();
    effects.enter(stand, streamTime);
    try {
      Output letter =
          attempts.ofClosing(
              stand, name(closing), call, () -> whole(closing, window, handler, key));
      return task.join(closing, effects, letter);
    } catch (Attempts.Abandoned _) {
      // whoever has the table next finds the window open
      return false;
    } finally {
      effects.leave();
    }
  }

  private Object value(WindowCloser.Closing closing, ByteKey window, WindowClosing handler) {
    TablePartition table = closing.closer().table();
    lock.lock();
    try {
      return Optional.<Object>ofNullable(table.read(table.at(window), handler.stored()))
          .orElseThrow(() -> new IllegalStateException("a window that closes has a value"));
    } finally {
      lock.unlock();
    }
  }

  /// The stand-in with the window's value, for its dead letter; without, where nobody can write it.
  private ConsumerRecord<byte[], byte[]> whole(
      WindowCloser.Closing closing, ByteKey window, WindowClosing handler, byte[] key) {
    byte[] value;
    try {
      value = handler.letter(value(closing, window, handler));
    } catch (RuntimeException | StackOverflowError | AssertionError _) {
      value = null;
    }
    return standIn(closing, key, value);
  }

  @SuppressWarnings("NullAway") // a consumer record may well have no value
  private ConsumerRecord<byte[], byte[]> standIn(
      WindowCloser.Closing closing, byte[] key, byte @Nullable [] value) {
    return new ConsumerRecord<>(
        task.id().topic(),
        task.id().partition(),
        place(closing, key),
        closing.end() - 1,
        TimestampType.CREATE_TIME,
        key.length,
        value == null ? 0 : value.length,
        key,
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  private static long place(WindowCloser.Closing closing, byte[] key) {
    CRC32C digits = new CRC32C();
    digits.update(closing.closer().table().spec().name().getBytes(StandardCharsets.UTF_8));
    ByteKey window = closing.window();
    digits.update(window == null ? key : window.bytes());
    return closing.end() * SIX_DIGITS + digits.getValue() % SIX_DIGITS;
  }

  private static String name(WindowCloser.Closing closing) {
    return "table "
        + closing.closer().table().spec().name()
        + ", closing the window that ends at "
        + closing.end();
  }

  /// The task has ended, maybe under a handler that goes on. Any thread.
  void end() {
    effects.end();
    attempts.abandon();
  }
}
