package dev.gretchen.testkit.sim;

import org.jspecify.annotations.Nullable;

/// The simulation itself cannot go on: something in it waits outside its time, never gives its turn
/// back, or threw what it must not throw. It says nothing about the app.
public final class SimulationFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SimulationFailure(String message) {
    super(message);
  }

  public SimulationFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
