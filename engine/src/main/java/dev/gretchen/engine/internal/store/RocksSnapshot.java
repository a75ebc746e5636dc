package dev.gretchen.engine.internal.store;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;

/// A [RocksPartition] as it was at one moment. To be closed; one thread.
final class RocksSnapshot implements StorePartition.Snapshot {

  private final RocksDatabase database;
  private final RocksPartition partition;
  private final ColumnFamilyHandle family;
  private final Snapshot snapshot;
  private final ReadOptions reading;

  /// Within a use of the database.
  RocksSnapshot(RocksDatabase database, RocksPartition partition, ColumnFamilyHandle family) {
    this.database = database;
    this.partition = partition;
    this.family = family;
    this.snapshot = database.rocks().getSnapshot();
    this.reading = new ReadOptions().setSnapshot(snapshot).setFillCache(false);
  }

  @Override
  public Position position() {
    byte[] stored =
        partition.<byte @Nullable []>whileHeld(
            "reading", () -> database.rocks().get(family, reading, StoreKeys.POSITION.bytes()));
    return stored == null ? Position.NOTHING : Position.decode(stored);
  }

  @Override
  public void forEach(StorePartition.Visitor visitor) {
    partition.whileHeld(
        "reading",
        () -> {
          try (RocksIterator iterator = database.rocks().newIterator(family, reading)) {
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
              // a visitor may be slow: one that reads on does not hold up the end
              database.requireOpen("reading");
              visitor.visit(iterator.key(), iterator.value());
            }
            iterator.status();
          }
          return true;
        });
  }

  @Override
  public void close() {
    reading.close();
    database.release(snapshot);
  }
}
