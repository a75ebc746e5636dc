package dev.gretchen.engine.internal.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/// A table partition in a [RocksStore]: one column family, which is made with the first write.
final class RocksPartition implements StorePartition {

  /// What an entry of a batch takes, where nothing is known of it.
  private static final int ENTRY_BYTES = 96;

  private final RocksDatabase database;
  private final String name;

  /// Not the partition's own lock: a snapshot waits for no writer.
  private final Object making = new Object();

  private volatile @Nullable ColumnFamilyHandle family;
  private volatile boolean dropped; // written while nobody uses the database
  private long holder;

  /// @param family null for one that has nothing yet
  RocksPartition(RocksDatabase database, String name, @Nullable ColumnFamilyHandle family) {
    this.database = database;
    this.name = name;
    this.family = family;
  }

  /// Whether anything was ever written to it.
  boolean isThere() {
    return family != null;
  }

  /// The family, which is made where there is none.
  private ColumnFamilyHandle family() throws RocksDBException {
    ColumnFamilyHandle known = family;
    return known == null ? made() : known;
  }

  private ColumnFamilyHandle made() throws RocksDBException {
    synchronized (making) {
      ColumnFamilyHandle known = family;
      if (known == null) {
        known = database.create(name.getBytes(StandardCharsets.UTF_8));
        family = known;
      }
      return known;
    }
  }

  /// While nobody uses the database.
  void drop() throws RocksDBException {
    dropped = true;
    ColumnFamilyHandle known = family;
    if (known != null) {
      database.drop(known);
    }
  }

  /// As the database's, and refuses what was removed.
  <T extends @Nullable Object> T whileHeld(String what, RocksDatabase.Use<T> use) {
    return database.<T>whileOpen(
        what,
        () -> {
          if (dropped) {
            throw new StoreUnavailable(
                "local store: " + what + " failed (the table partition was removed)",
                new IllegalStateException());
          }
          return use.run();
        });
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    ColumnFamilyHandle known = family;
    if (known == null) {
      database.requireOpen("reading");
      return null;
    }
    return this.<byte @Nullable []>whileHeld("reading", () -> database.rocks().get(known, key));
  }

  @Override
  public Position position() {
    byte[] stored = get(StoreKeys.POSITION.bytes());
    return stored == null ? Position.NOTHING : Position.decode(stored);
  }

  @Override
  public synchronized void claim(long claim) {
    holder = Claims.next(holder, claim);
  }

  @Override
  public synchronized boolean apply(long claim, List<Change> changes, Position position) {
    if (claim != holder) {
      return false;
    }
    List<Change> sorted = new ArrayList<>(changes);
    sorted.sort((a, b) -> a.key().compareTo(b.key()));
    return whileHeld(
        "writing",
        () -> {
          BatchBytes entries = new BatchBytes(family().getID(), sorted.size() + 1, ENTRY_BYTES);
          for (int i = 0; i < sorted.size(); i++) {
            Change change = sorted.get(i);
            // a changelog that is not compacted yet names a key again and again: the last counts
            if (i + 1 < sorted.size() && sorted.get(i + 1).key().equals(change.key())) {
              continue;
            }
            byte[] value = change.value();
            if (value == null) {
              entries.delete(change.key().bytes());
            } else {
              entries.put(change.key().bytes(), value);
            }
          }
          entries.put(StoreKeys.POSITION.bytes(), position.encode());
          try (WriteBatch batch = entries.batch()) {
            database.write(batch);
            return true;
          }
        });
  }

  @Override
  public Load load(long claim, long records) {
    SortedLoads loads = database.loads();
    if (!loads.isWorth(records)) {
      return new BatchLoad(this, claim);
    }
    return loads.begin(
        new SortedLoads.Partition() {
          @Override
          public void whileOpen(SortedLoads.Use use) {
            whileHeld(
                "loading",
                () -> {
                  use.run();
                  return true;
                });
          }

          @Override
          public boolean takeOver(Path file) {
            return RocksPartition.this.takeOver(claim, file);
          }
        });
  }

  /// Who takes the claim waits for this step, not for the writing of the file.
  private synchronized boolean takeOver(long claim, Path file) {
    return claim == holder
        && whileHeld(
            "loading",
            () -> {
              database.takeOver(family(), file);
              return true;
            });
  }

  @Override
  public synchronized void touch(long claim, long caughtUpAtMillis) {
    Position position = position();
    if (!position.equals(Position.NOTHING)) {
      apply(claim, List.of(), position.caughtUpAt(caughtUpAtMillis));
    }
  }

  @Override
  public synchronized void wipe(long claim) {
    if (claim != holder) {
      return;
    }
    whileHeld(
        "wiping",
        () -> {
          ColumnFamilyHandle known = family;
          if (known != null) {
            database.clear(known);
          }
          return true;
        });
  }

  @Override
  public List<byte[]> keys(byte[] from, Predicate<byte[]> whileTrue, int limit) {
    return whileHeld(
        "reading",
        () -> {
          List<byte[]> found = new ArrayList<>();
          ColumnFamilyHandle known = family;
          if (known == null) {
            return found;
          }
          try (RocksIterator iterator = database.rocks().newIterator(known)) {
            for (iterator.seek(from); iterator.isValid() && found.size() < limit; iterator.next()) {
              byte[] key = iterator.key();
              if (!whileTrue.test(key)) {
                break;
              }
              found.add(key);
            }
            iterator.status();
          }
          return found;
        });
  }

  @Override
  public Snapshot snapshot() {
    return whileHeld("reading", () -> new RocksSnapshot(database, this, family()));
  }
}
