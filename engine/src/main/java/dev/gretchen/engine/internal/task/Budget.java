package dev.gretchen.engine.internal.task;

import java.util.concurrent.atomic.AtomicLong;

/// The bound on staged effects of a worker: open, sealed and committed-but-not-applied. Where it is
/// reached, tasks stop at the next event boundary and the committer is asked to commit early.
/// Whatever gives room again, a commit or the end of a task, sets them going again: a task that
/// stopped here has nothing else that would wake it.
///
/// Any thread. Both listeners are called on the thread that charges or releases, so nobody charges
/// or releases under a lock that a listener takes.
public final class Budget {

  private final long limitBytes;
  private final AtomicLong held = new AtomicLong();
  private final Runnable reached;
  private final Runnable relieved;

  /// @param reached told when a charge makes the budget half used
  /// @param relieved told when a release ends its exhaustion
  public Budget(long limitBytes, Runnable reached, Runnable relieved) {
    this.limitBytes = limitBytes;
    this.reached = reached;
    this.relieved = relieved;
  }

  void charge(long bytes) {
    long now = held.addAndGet(bytes);
    if (now >= limitBytes / 2 && now - bytes < limitBytes / 2) {
      reached.run();
    }
  }

  public void release(long bytes) {
    long now = held.addAndGet(-bytes);
    if (now < limitBytes && now + bytes >= limitBytes) {
      relieved.run();
    }
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
