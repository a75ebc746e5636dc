package dev.gretchen.testkit.disk;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.store.StoreUnavailable;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A store on a [SimDisk], of one process.
final class SimStore implements Store {

  /// One write in so many fills a memory buffer, which is flushed then.
  private static final int WRITES_PER_FLUSH = 12;

  private final Scheduler scheduler;
  private final SimProcess process;
  private final SimDisk disk;
  private final Map<String, Partition> partitions = new LinkedHashMap<>();
  private boolean closed;

  SimStore(Scheduler scheduler, SimProcess process, SimDisk disk) {
    this.scheduler = scheduler;
    this.process = process;
    this.disk = disk;
  }

  @Override
  public StorePartition partition(String table, int partition) {
    return partitions.computeIfAbsent(table + "-" + partition, Partition::new);
  }

  @Override
  public void flush() {
    scheduler.pause();
    requireOpen();
    partitions.values().forEach(Partition::flush);
  }

  @Override
  public void close() {
    if (!closed && !process.isKilled()) {
      partitions.values().forEach(Partition::flush);
      disk.closed(process);
    }
    closed = true;
  }

  private void requireOpen() {
    scheduler.requireAlive();
    if (closed || process.isKilled()) {
      throw new StoreUnavailable(
          "local store: the worker has stopped", new IllegalStateException());
    }
  }

  private final class Partition implements StorePartition {

    private final String name;
    private TreeMap<ByteKey, byte[]> data;
    private Position position;
    private long holder;

    Partition(String name) {
      this.name = name;
      SimDisk.Content content = disk.durable().getOrDefault(name, SimDisk.Content.empty());
      this.data = new TreeMap<>(content.data());
      this.position = content.position();
    }

    void flush() {
      disk.flushed(name, new SimDisk.Content(new TreeMap<>(data), position));
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
      requireOpen();
      return data.get(new ByteKey(key));
    }

    @Override
    public Position position() {
      requireOpen();
      return position;
    }

    @Override
    public void claim(long claim) {
      requireOpen();
      if (claim <= holder) {
        throw new IllegalStateException(
            "a claim must be newer than the one before: " + claim + " after " + holder);
      }
      holder = claim;
    }

    @Override
    public boolean apply(long claim, List<Change> changes, Position reached) {
      // others may come between what the caller knew and the write
      scheduler.pause();
      requireOpen();
      if (claim != holder) {
        return false;
      }
      for (Change change : changes) {
        if (change.value() == null) {
          data.remove(change.key());
        } else {
          data.put(change.key(), change.value());
        }
      }
      position = reached;
      scheduler.note(process, name, reached.next(), changes.size());
      if (scheduler.random().nextInt(WRITES_PER_FLUSH) == 0) {
        flush();
      }
      return true;
    }

    @Override
    public void touch(long claim, long caughtUpAtMillis) {
      requireOpen();
      if (claim == holder && !position.equals(Position.NOTHING)) {
        position = position.caughtUpAt(caughtUpAtMillis);
      }
    }

    @Override
    public void wipe(long claim) {
      scheduler.pause();
      requireOpen();
      if (claim == holder) {
        scheduler.note(process, "wiped " + name, position.next(), 0);
        if (!data.isEmpty()) {
          disk.wiped(new SimDisk.Wipe(name, data.size(), position.next()));
        }
        data = new TreeMap<>();
        position = Position.NOTHING;
      }
    }

    @Override
    public List<byte[]> keys(byte[] from, Predicate<byte[]> whileTrue, int limit) {
      requireOpen();
      List<byte[]> found = new ArrayList<>();
      for (ByteKey key : data.tailMap(new ByteKey(from), true).keySet()) {
        if (found.size() == limit || !whileTrue.test(key.bytes())) {
          break;
        }
        found.add(key.bytes());
      }
      return found;
    }

    @Override
    public Snapshot snapshot() {
      TreeMap<ByteKey, byte[]> copy = new TreeMap<>(data);
      Position at = position;
      return new Snapshot() {
        @Override
        public Position position() {
          return at;
        }

        @Override
        public void forEach(Visitor visitor) {
          copy.forEach((key, value) -> visitor.visit(key.bytes(), value));
        }

        @Override
        public void close() {
          // a copy holds nothing
        }
      };
    }
  }
}
