package dev.gretchen.engine.internal.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A store on the heap: nothing survives the process, everything comes back from the changelog.
public final class MemoryStore implements Store {

  private final Map<String, Partition> partitions = new ConcurrentHashMap<>();

  @Override
  public StorePartition partition(String table, int partition) {
    return partitions.computeIfAbsent(table + "-" + partition, _ -> new Partition());
  }

  @Override
  public List<Name> held() {
    return partitions.keySet().stream().map(Name::parse).sorted().toList();
  }

  @Override
  public boolean drop(Name name) {
    partitions.remove(name.toString());
    return true;
  }

  @Override
  public void flush() {
    // nothing to make durable
  }

  @Override
  public void close() {
    partitions.clear();
  }

  private static final class Partition implements StorePartition {

    private TreeMap<ByteKey, byte[]> data = new TreeMap<>();
    private Position position = Position.NOTHING;
    private long holder;

    @Override
    public synchronized byte @Nullable [] get(byte[] key) {
      return data.get(new ByteKey(key));
    }

    @Override
    public synchronized Position position() {
      return position;
    }

    @Override
    public synchronized void claim(long claim) {
      holder = Claims.next(holder, claim);
    }

    @Override
    public synchronized boolean apply(long claim, List<Change> changes, Position reached) {
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
    public synchronized void touch(long claim, long caughtUpAtMillis) {
      if (claim == holder && !position.equals(Position.NOTHING)) {
        position = position.caughtUpAt(caughtUpAtMillis);
      }
    }

    @Override
    public synchronized void wipe(long claim) {
      if (claim == holder) {
        data = new TreeMap<>();
        position = Position.NOTHING;
      }
    }

    @Override
    public synchronized List<byte[]> keys(byte[] from, Predicate<byte[]> whileTrue, int limit) {
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
    public synchronized Snapshot snapshot() {
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
