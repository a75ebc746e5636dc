package dev.gretchen.engine.internal.task;

import java.util.concurrent.atomic.AtomicLong;

/// The bound on staged effects of a worker: open, sealed and committed-but-not-applied. Where it is
/// reached, tasks stop at the next event boundary and the committer is asked to commit early; a
/// commit sets them going again.
public final class Budget {

  private final long limitBytes;
  private final AtomicLong held = new AtomicLong();
  private final Runnable reached;

  /// @param reached told whenever a charge finds the budget at least half used
  public Budget(long limitBytes, Runnable reached) {
    this.limitBytes = limitBytes;
    this.reached = reached;
  }

  void charge(long bytes) {
    long now = held.addAndGet(bytes);
    if (now >= limitBytes / 2 && now - bytes < limitBytes / 2) {
      reached.run();
    }
  }

  public void release(long bytes) {
    held.addAndGet(-bytes);
  }

  public boolean isExhausted() {
    return held.get() >= limitBytes;
  }

  public boolean isHalfUsed() {
    return held.get() >= limitBytes / 2;
  }

  public long heldBytes() {
    return held.get();
  }
}
