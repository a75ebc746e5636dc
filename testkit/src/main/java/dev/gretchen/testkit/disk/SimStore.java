package dev.gretchen.testkit.disk;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.engine.internal.store.StorePartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A store on a [SimDisk]: what is written is in memory until it is flushed.
final class SimStore implements Store {

  private final SimDisk disk;
  private final Map<String, Partition> partitions = new LinkedHashMap<>();

  SimStore(SimDisk disk) {
    this.disk = disk;
  }

  @Override
  public StorePartition partition(String table, int partition) {
    return partitions.computeIfAbsent(table + "-" + partition, Partition::new);
  }

  @Override
  public List<Name> held() {
    TreeSet<String> names = new TreeSet<>(partitions.keySet());
    names.addAll(disk.durable());
    return names.stream().map(Name::parse).sorted().toList();
  }

  @Override
  public boolean drop(Name name) {
    partitions.remove(name.toString());
    disk.dropped(name.toString());
    return true;
  }

  @Override
  public void flush() {
    partitions.values().forEach(Partition::flush);
  }

  /// Partitions flush each for itself.
  void flush(String partition) {
    Partition one = partitions.get(partition);
    if (one != null) {
      one.flush();
    }
  }

  @Override
  public void close() {
    flush();
  }

  private final class Partition implements StorePartition {

    private final String name;
    private TreeMap<ByteKey, byte[]> data;
    private Position position;
    private long holder;

    Partition(String name) {
      this.name = name;
      SimDisk.Content content = disk.durable(name);
      this.data = new TreeMap<>(content.data());
      this.position = content.position();
    }

    void flush() {
      disk.flushed(name, new SimDisk.Content(new TreeMap<>(data), position));
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
      return data.get(new ByteKey(key));
    }

    @Override
    public Position position() {
      return position;
    }

    @Override
    public void claim(long claim) {
      if (claim <= holder) {
        throw new IllegalStateException(
            "a claim must be newer than the one before: " + claim + " after " + holder);
      }
      holder = claim;
    }

    @Override
    public boolean apply(long claim, List<Change> changes, Position reached) {
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
      return true;
    }

    @Override
    public void touch(long claim, long caughtUpAtMillis) {
      if (claim == holder && !position.equals(Position.NOTHING)) {
        position = position.caughtUpAt(caughtUpAtMillis);
      }
    }

    @Override
    public void wipe(long claim) {
      if (claim == holder) {
        data = new TreeMap<>();
        position = Position.NOTHING;
      }
    }

    @Override
    public List<byte[]> keys(byte[] from, Predicate<byte[]> whileTrue, int limit) {
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
