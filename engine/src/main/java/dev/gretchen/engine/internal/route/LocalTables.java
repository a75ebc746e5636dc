package dev.gretchen.engine.internal.route;

import dev.gretchen.engine.internal.membership.Placement;
import dev.gretchen.engine.internal.membership.TaskTable;
import dev.gretchen.engine.internal.recovery.StandbyTask;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskId;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;

/// What this worker can say for itself, of tasks that run here and of those that it stands by for.
/// Committed state alone.
public final class LocalTables implements TableRouter.Here {

  private final String worker;
  private final TaskTable tasks;
  private final Placement placement;
  private final InstantSource clock;

  public LocalTables(String worker, TaskTable tasks, Placement placement, InstantSource clock) {
    this.worker = worker;
    this.tasks = tasks;
    this.placement = placement;
    this.clock = clock;
  }

  /// A task that still recovers cannot say how far it is behind, and says nothing.
  @Override
  public Optional<TableAnswer> asOwner(TaskId id, String table, byte[] key) {
    Task task = tasks.get(id);
    StorePartition store = task == null ? null : task.stores().get(table);
    if (task == null || store == null) {
      return Optional.empty();
    }
    boolean runs =
        switch (task.stage()) {
          case RUNNING, DRAINING -> true;
          case RECOVERING, VOID -> false;
        };
    return runs
        ? Optional.of(answer(id, table, store, key, TableAnswer.Role.OWNER, 0, OptionalLong.of(0)))
        : Optional.empty();
  }

  @Override
  public Optional<TableAnswer> asStandby(TaskId id, String table, byte[] key) {
    for (StandbyTask standby : placement.standbys()) {
      StorePartition store = standby.id().equals(id) ? standby.stores().get(table) : null;
      OptionalLong lag = placement.lag(id);
      if (store != null && lag.isPresent()) {
        OptionalLong behind = placement.completeAt(id);
        return Optional.of(
            answer(
                id,
                table,
                store,
                key,
                TableAnswer.Role.STANDBY,
                lag.getAsLong(),
                behind.isEmpty()
                    ? behind
                    : OptionalLong.of(Math.max(0, clock.millis() - behind.getAsLong()))));
      }
    }
    return Optional.empty();
  }

  private TableAnswer answer(
      TaskId id,
      String table,
      StorePartition store,
      byte[] key,
      TableAnswer.Role role,
      long behindRecords,
      OptionalLong behindMillis) {
    // before the value is: so the value is at least as new as the position says
    long position = store.position().next();
    return new TableAnswer(
        table,
        id.partition(),
        store.get(key),
        worker,
        role,
        position,
        behindRecords,
        behindMillis.isPresent() ? Long.valueOf(behindMillis.getAsLong()) : null);
  }
}
