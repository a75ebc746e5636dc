package dev.gretchen.engine;

import java.util.function.BiConsumer;

/// What an app does when a partition of a table has become complete on a worker: see
/// [Table#onRecovered].
///
/// @param <K> type of the key
/// @param <V> type of the value
@FunctionalInterface
public interface RecoveryHandler<K, V> {

  /// Called on a handler thread before the partition's first event is handled; it may block, which
  /// holds up this partition.
  ///
  /// @param partition of the table
  /// @param contents all that is committed in it
  void recovered(int partition, Contents<K, V> contents) throws Exception;

  /// A partition as it was recovered, for as long as the handler runs.
  @FunctionalInterface
  interface Contents<K, V> {

    /// Visits all keys in the order of their bytes.
    void forEach(BiConsumer<? super K, ? super V> visitor);
  }
}
