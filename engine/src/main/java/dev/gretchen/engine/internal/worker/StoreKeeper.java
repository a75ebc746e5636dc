package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.internal.membership.TaskTable;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.Task;
import java.time.Duration;

/// Flushes the store on a schedule, so that a crash falls back by no more than that, and notes the
/// age of stores that are complete, so that an idle one does not look outdated.
final class StoreKeeper implements Activity {

  private static final Duration FLUSH_EVERY = Duration.ofSeconds(15);

  private final Store store;
  private final TaskTable tasks;
  private final Surroundings surroundings;
  private final Monitor monitor;
  private volatile boolean stopping;

  StoreKeeper(Store store, TaskTable tasks, Surroundings surroundings) {
    this.store = store;
    this.tasks = tasks;
    this.surroundings = surroundings;
    this.monitor = surroundings.monitor();
  }

  void stop() {
    stopping = true;
    monitor.signal();
  }

  @Override
  public boolean step() {
    if (monitor.await(() -> stopping, FLUSH_EVERY)) {
      return false;
    }
    long now = surroundings.clock().millis();
    for (Task task : tasks.all()) {
      if (task.stage() == Task.Stage.RUNNING) {
        task.stores().values().forEach(partition -> partition.touch(task.token(), now));
      }
    }
    store.flush();
    return true;
  }
}
