package dev.gretchen.engine.internal.ask;

import dev.gretchen.engine.internal.surroundings.Monitor;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// How somebody waits for an answer: as [Monitor#await], or less long, where the answer is of no
/// use to him any more.
@FunctionalInterface
public interface Patience {

  /// Of whoever has nothing else to look at.
  Patience PLAIN = Monitor::await;

  /// Waits; returns no later than when the condition holds or the bound has passed.
  boolean await(Monitor monitor, BooleanSupplier condition, Duration bound);
}
