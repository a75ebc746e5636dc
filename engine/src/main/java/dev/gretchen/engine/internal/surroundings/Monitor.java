package dev.gretchen.engine.internal.surroundings;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// How the engine's threads wait for one another. Every wait has a bound.
public interface Monitor {

  /// Waits until the condition holds or the bound has passed; returns whether it holds. The
  /// condition is asked again after each [#signal].
  boolean await(BooleanSupplier condition, Duration bound);

  /// Something that a condition may look at has changed.
  void signal();
}
