package dev.gretchen.engine.internal.task;

import java.util.concurrent.atomic.AtomicInteger;

/// The bound on what a worker's tables keep on the heap beyond what waits for a commit, shared
/// evenly among the table partitions that it holds. Any thread.
public final class CellBound {

  /// What a clean cell holds beside its value, roughly.
  private static final int CELL_BYTES = 200;

  private static final int CELLS_MIN = 1_000;

  private final long bytesMax;
  private final AtomicInteger sharers = new AtomicInteger();

  /// @param bytesMax for all tables of a worker
  public CellBound(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  void join(int tables) {
    sharers.addAndGet(tables);
  }

  void leave(int tables) {
    sharers.addAndGet(-tables);
  }

  /// How many cells a table partition may keep now.
  ///
  /// @param valueBytes of its encoded values; alive they take about as much
  int cellsMax(int valueBytes) {
    long share = bytesMax / Math.max(1, sharers.get());
    return Math.clamp(share / (CELL_BYTES + (long) valueBytes), CELLS_MIN, Integer.MAX_VALUE);
  }
}
