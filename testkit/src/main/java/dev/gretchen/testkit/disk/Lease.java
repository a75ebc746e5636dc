package dev.gretchen.testkit.disk;

import dev.gretchen.engine.internal.store.StoreUnavailable;
import dev.gretchen.testkit.sim.SimProcess;
import org.jspecify.annotations.Nullable;

/// Who has a disk open: one living process at a time.
final class Lease {

  private @Nullable SimProcess holder;

  /// @throws StoreUnavailable if another living process has it
  void take(SimProcess process) {
    SimProcess other = holder;
    if (other != null && !other.isKilled()) {
      throw new StoreUnavailable(
          "the state directory is in use by " + other, new IllegalStateException());
    }
    holder = process;
  }

  void giveBack(SimProcess process) {
    if (holder == process) {
      holder = null;
    }
  }
}
