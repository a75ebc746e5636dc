package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.EventAbandoned;
import dev.gretchen.engine.internal.ask.Patience;
import dev.gretchen.engine.internal.surroundings.Monitor;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How a handler waits for something beside its task: no longer than the event is this worker's.
///
/// Confined to the activation, but for [#end].
final class WhileOurs implements Patience {

  private final Supplier<String> event;
  private volatile boolean ended;
  private volatile @Nullable Monitor awaited;

  /// @param event where it came from, for the error
  WhileOurs(Supplier<String> event) {
    this.event = event;
  }

  /// @throws EventAbandoned if the task has ended
  @Override
  public boolean await(Monitor monitor, BooleanSupplier condition, Duration bound) {
    awaited = monitor;
    try {
      boolean holds = monitor.await(() -> ended || condition.getAsBoolean(), bound);
      requireOurs();
      return holds;
    } finally {
      awaited = null;
    }
  }

  /// @throws EventAbandoned if the task has ended
  void requireOurs() {
    if (ended) {
      throw new EventAbandoned(event.get());
    }
  }

  /// The task has ended. Any thread. Whoever begins to wait after this finds that it has ended.
  void end() {
    ended = true;
    Monitor waited = awaited;
    if (waited != null) {
      waited.signal();
    }
  }
}
