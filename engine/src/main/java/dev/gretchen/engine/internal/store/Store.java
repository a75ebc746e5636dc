package dev.gretchen.engine.internal.store;

/// The table partitions that a worker keeps. Two implementations, on disk and in memory, and one
/// conformance test for both.
public interface Store extends AutoCloseable {

  /// Opens a partition, empty if it is new; the same object at each call.
  StorePartition partition(String table, int partition);

  /// Makes what was applied survive a crash of the process. Without it a crash falls back to an
  /// earlier flush: data and position together.
  void flush();

  /// Flushes and closes, after the uses that are under way; later ones throw [StoreUnavailable].
  @Override
  void close();
}
