package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.topology.RecoveryListener;
import java.util.List;
import java.util.Map;

/// Tells an app that a task's tables are complete: once, before anything of the task is handled.
///
/// On the task's activation, but for [#isDue].
final class Completion {

  private final TaskId id;
  private final List<TablePartition> tables;
  private final Map<String, RecoveryListener> listeners;

  private volatile boolean isDue; // cleared by the first activation

  /// @param listeners by table
  Completion(TaskId id, List<TablePartition> tables, Map<String, RecoveryListener> listeners) {
    this.id = id;
    this.tables = tables;
    this.listeners = listeners;
    this.isDue = tables.stream().anyMatch(table -> listeners.containsKey(table.spec().name()));
  }

  /// Whether somebody is still to be told. Any thread.
  boolean isDue() {
    return isDue;
  }

  /// Tells whoever wants to know.
  ///
  /// @throws IllegalStateException if what the app does then has failed
  void tell() {
    if (!isDue) {
      return;
    }
    for (TablePartition table : tables) {
      RecoveryListener listener = listeners.get(table.spec().name());
      if (listener != null) {
        tell(table, listener);
      }
    }
    isDue = false;
  }

  private void tell(TablePartition table, RecoveryListener listener) {
    try (StorePartition.Snapshot snapshot = table.store().snapshot()) {
      listener.recovered(id.partition(), snapshot);
    } catch (Exception failure) {
      throw new IllegalStateException(
          "table "
              + table.spec().name()
              + ": what onRecovered(...) does has failed for partition "
              + id.partition()
              + ", whose events therefore cannot be handled: "
              + failure,
          failure);
    }
  }
}
