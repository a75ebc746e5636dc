package dev.gretchen.testkit.disk;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.engine.internal.store.StoreUnavailable;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The state directory of one slot.
///
/// A store on it behaves as RocksDB without a write-ahead log: each partition falls back, in a
/// crash, to what it was at some flush, data and position together; partitions flush each for
/// itself, also in between as their memory fills, so they fall back to different moments. A store
/// that is closed in order has flushed everything.
///
/// An administrator may wipe it, or put an older copy back, while no process has it open.
public final class SimDisk {

  private final Scheduler scheduler;
  private Map<String, Content> durable = new LinkedHashMap<>();
  private final List<Wipe> wipes = new ArrayList<>();
  private @Nullable SimProcess openedBy;

  /// What one table partition holds; not changed once it is durable.
  record Content(TreeMap<ByteKey, byte[]> data, Position position) {
    static Content empty() {
      return new Content(new TreeMap<>(), Position.NOTHING);
    }
  }

  /// A worker threw away what it had of a table partition.
  ///
  /// @param partition as `table-0`
  /// @param keys how many there were
  /// @param position the changelog offset that they had come to
  public record Wipe(String partition, int keys, long position) {}

  /// A copy of a disk.
  public static final class Copy {
    private final Map<String, Content> content;

    private Copy(Map<String, Content> content) {
      this.content = content;
    }
  }

  public SimDisk(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /// Opens the store on this disk for a process.
  ///
  /// @throws StoreUnavailable if another living process has it open
  public Store open(SimProcess process) {
    SimProcess holder = openedBy;
    if (holder != null && !holder.isKilled()) {
      throw new StoreUnavailable(
          "the state directory is in use by " + holder, new IllegalStateException());
    }
    openedBy = process;
    return new SimStore(scheduler, process, this);
  }

  Map<String, Content> durable() {
    return durable;
  }

  void flushed(String partition, Content content) {
    durable.put(partition, content);
  }

  void wiped(Wipe wipe) {
    wipes.add(wipe);
  }

  /// What workers threw away, in order.
  public List<Wipe> wipes() {
    return List.copyOf(wipes);
  }

  void closed(SimProcess process) {
    if (openedBy == process) {
      openedBy = null;
    }
  }

  /// A copy of what is durable now.
  public Copy copy() {
    return new Copy(new LinkedHashMap<>(durable));
  }

  /// Puts an older copy in place of what is there.
  public void restore(Copy copy) {
    durable = new LinkedHashMap<>(copy.content);
  }

  /// Loses everything.
  public void wipe() {
    durable = new LinkedHashMap<>();
  }
}
