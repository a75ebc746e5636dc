package dev.gretchen.testkit.disk;

import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.testkit.sim.SimProcess;
import java.util.List;

/// The state directory of one slot, in a simulation.
///
/// A store on it keeps, in a crash, what was flushed of each partition, data and position together;
/// one that is closed in order has flushed everything. An administrator may wipe it, or put an
/// older copy back, while no process has it open.
public interface Disk extends AutoCloseable {

  /// A copy of what is on a disk; good for that disk alone.
  interface Copy {}

  /// A worker threw away what it had of a table partition, or fell back behind it: whoever had lost
  /// the claim to a store wrote to it once more.
  ///
  /// @param partition as `table-0`
  /// @param position the changelog offset that it had come to
  record Wipe(String partition, long position) {}

  /// Opens the store on this disk for a process.
  ///
  /// @throws dev.gretchen.engine.internal.store.StoreUnavailable if another living process has it
  ///   open
  Store open(SimProcess process);

  /// A copy of what would survive a crash now.
  Copy copy();

  /// Puts an older copy in place of what is there.
  void restore(Copy copy);

  /// Loses everything.
  void wipe();

  /// What workers threw away, in order.
  List<Wipe> wipes();

  @Override
  void close();
}
