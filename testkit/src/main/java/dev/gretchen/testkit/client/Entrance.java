package dev.gretchen.testkit.client;

import java.util.ConcurrentModificationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The way into a consumer, for one fiber at a time: a second one that comes in is refused, and
/// after the consumer was closed everybody is.
///
/// The one that is inside may come in again, as listeners do.
final class Entrance {

  private final Connection connection;
  private boolean closed;
  private @Nullable Thread inside;
  private int depth;

  Entrance(Connection connection) {
    this.connection = connection;
  }

  /// @throws IllegalStateException if the consumer was closed
  <T> T call(Supplier<T> body) {
    enter();
    try {
      if (closed) {
        throw new IllegalStateException("This consumer has already been closed.");
      }
      return body.get();
    } finally {
      exit();
    }
  }

  /// As [#call].
  void run(Runnable body) {
    call(() -> {
      body.run();
      return true;
    });
  }

  /// Runs a body, if this is the first time, and lets nobody in any more. The connection is closed
  /// afterwards, also where the body throws.
  void close(Runnable body) {
    enter();
    try {
      if (!closed) {
        body.run();
      }
    } finally {
      closed = true;
      connection.close();
      exit();
    }
  }

  private void enter() {
    connection.scheduler().requireAlive();
    Thread caller = Thread.currentThread();
    if (inside != null && inside != caller) {
      throw new ConcurrentModificationException(
          "KafkaConsumer is not safe for multi-threaded access. currentThread(name: "
              + caller.getName()
              + ") otherThread(name: "
              + inside.getName()
              + ")");
    }
    inside = caller;
    depth++;
  }

  private void exit() {
    if (--depth == 0) {
      inside = null;
    }
  }
}
