package dev.gretchen.testkit.sim;

import dev.gretchen.engine.internal.surroundings.Monitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Where fibers wait for one another, in virtual time.
public final class SimMonitor implements Monitor {

  private final Scheduler scheduler;
  private final List<Scheduler.Wait> waits = new ArrayList<>();

  public SimMonitor(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public boolean await(BooleanSupplier condition, Duration bound) {
    return scheduler.await(condition, bound.toNanos(), waits);
  }

  @Override
  public void signal() {
    scheduler.requireAlive();
    waits.forEach(Scheduler.Wait::look);
  }
}
