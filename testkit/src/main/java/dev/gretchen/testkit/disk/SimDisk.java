package dev.gretchen.testkit.disk;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A disk in memory.
///
/// A store on it behaves as RocksDB without a write-ahead log: each partition falls back, in a
/// crash, to what it was at some flush, data and position together; partitions flush each for
/// itself, also in between as their memory fills, so they fall back to different moments.
public final class SimDisk implements Disk {

  private final Scheduler scheduler;
  private final Lease lease = new Lease();
  private final List<Wipe> wipes = new ArrayList<>();
  private Map<String, Content> durable = new LinkedHashMap<>();

  /// What one table partition holds; not changed once it is durable.
  record Content(TreeMap<ByteKey, byte[]> data, Position position) {
    static Content empty() {
      return new Content(new TreeMap<>(), Position.NOTHING);
    }
  }

  private record Contents(Map<String, Content> durable) implements Copy {}

  public SimDisk(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public Store open(SimProcess process) {
    lease.take(process);
    SimStore store = new SimStore(this);
    return new SteppedStore(
        scheduler, process, store, store::flush, wipes::add, () -> lease.giveBack(process));
  }

  /// The names of all partitions that were flushed.
  Set<String> durable() {
    return durable.keySet();
  }

  Content durable(String partition) {
    return durable.getOrDefault(partition, Content.empty());
  }

  void flushed(String partition, Content content) {
    durable.put(partition, content);
  }

  void dropped(String partition) {
    durable.remove(partition);
  }

  @Override
  public Copy copy() {
    return new Contents(new LinkedHashMap<>(durable));
  }

  @Override
  public void restore(Copy copy) {
    durable = new LinkedHashMap<>(((Contents) copy).durable());
  }

  @Override
  public void wipe() {
    durable = new LinkedHashMap<>();
  }

  @Override
  public List<Wipe> wipes() {
    return List.copyOf(wipes);
  }

  @Override
  public void close() {
    // memory
  }
}
