package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.SimProcess;

/// Decides what becomes of each request.
@FunctionalInterface
public interface Disturbance {

  /// @param from the process that asks
  Fate fateOf(SimProcess from, Request<?> request);
}
