package dev.gretchen.engine.internal.channel;

import dev.gretchen.engine.internal.ask.Patience;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A channel in a worker: a line of values for each of its agents, or one for all others.
///
/// A value goes into all lines or into none: lines are filled under a lock, and what has found room
/// in all of them keeps it, since others only take. Any thread.
public final class Conduit {

  /// Between two looks of whoever waits.
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final ChannelSpec spec;
  private final Surroundings surroundings;
  private final Monitor monitor;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<ArrayBlockingQueue<Object>> lines = new ArrayList<>();
  private volatile boolean closed;

  Conduit(ChannelSpec spec, Surroundings surroundings) {
    this.spec = spec;
    this.surroundings = surroundings;
    this.monitor = surroundings.monitor();
    for (int line = 0; line < Math.max(1, spec.readers().size()); line++) {
      lines.add(new ArrayBlockingQueue<>(spec.capacity()));
    }
  }

  ChannelSpec spec() {
    return spec;
  }

  Queue<Object> line(int reader) {
    return lines.get(reader);
  }

  /// Sends a value if there is room for it.
  ///
  /// @return whether there was
  /// @throws IllegalStateException if the channel is closed
  public boolean offer(Object value) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "channel "
                + spec.name()
                + " is closed, since its worker stops; what comes now would be lost, and has to come again with the next worker");
      }
      if (!hasRoom()) {
        return false;
      }
      lines.forEach(line -> line.add(value));
    } finally {
      lock.unlock();
    }
    monitor.signal();
    return true;
  }

  /// Sends a value, and waits while there is no room.
  ///
  /// @param bound null for as long as it takes
  /// @return whether it was sent in time
  /// @throws IllegalStateException if the channel is closed, or the thread is interrupted
  public boolean send(Object value, @Nullable Duration bound, Patience patience) {
    long until = bound == null ? 0 : surroundings.nanoTime() + bound.toNanos();
    while (!offer(value)) {
      long left = bound == null ? Long.MAX_VALUE : until - surroundings.nanoTime();
      if (left <= 0) {
        return false;
      }
      patience.await(monitor, () -> closed || hasRoom(), slice(left));
      requireUninterrupted();
    }
    return true;
  }

  /// Takes a value, of a channel without agents.
  ///
  /// @return null if none has come in time, or none will come
  public @Nullable Object take(Duration bound) {
    Queue<Object> line = lines.getFirst();
    long until = surroundings.nanoTime() + bound.toNanos();
    while (true) {
      Object value = next(line);
      long left = until - surroundings.nanoTime();
      if (value != null || left <= 0 || closed) {
        return value;
      }
      await(line, slice(left));
      requireUninterrupted();
    }
  }

  private void requireUninterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException(
          "channel " + spec.name() + ": whoever waited for it was interrupted");
    }
  }

  private static Duration slice(long leftNanos) {
    return Duration.ofNanos(Math.min(leftNanos, LOOK_AGAIN.toNanos()));
  }

  /// The next value of a line; null for none.
  @Nullable Object next(Queue<Object> line) {
    Object value = line.poll();
    if (value != null) {
      monitor.signal();
    }
    return value;
  }

  /// Waits until there is a value, or none will come, for a moment.
  void await(Queue<Object> line) {
    await(line, LOOK_AGAIN);
  }

  private void await(Queue<Object> line, Duration bound) {
    monitor.await(() -> closed || !line.isEmpty(), bound);
  }

  private boolean hasRoom() {
    return lines.stream().allMatch(line -> line.remainingCapacity() > 0);
  }

  boolean isClosed() {
    return closed;
  }

  /// Takes no more values; those that wait can be read.
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    monitor.signal();
  }

  /// Drops what waits for an agent.
  ///
  /// @return how many values
  int drop(int reader) {
    List<Object> dropped = new ArrayList<>();
    return lines.get(reader).drainTo(dropped);
  }
}
