package dev.gretchen.engine.internal.topology;

import dev.gretchen.engine.internal.store.StorePartition;

/// Told that a partition of a table is complete, before its first event.
@FunctionalInterface
public interface RecoveryListener {

  /// @param snapshot open while this runs
  void recovered(int partition, StorePartition.Snapshot snapshot) throws Exception;
}
