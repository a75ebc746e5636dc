package dev.gretchen.engine.internal.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/// What is native of a [RocksStore]: the database, its families, its memory, and the lock that
/// keeps it from being closed under a use of it.
///
/// A handler that ignores its end, a reader of a view or an HTTP client may still be reading when
/// the worker stops, and a native database that is closed under its reader takes the whole process
/// down. So each use goes through [#whileOpen], which closing waits for, and finds the database
/// closed afterwards. What is called within such a use says so.
///
/// The memory of all families together is bounded by one block cache, from which the write buffers
/// are taken too; what recoveries gather before it is written has a bound of its own, see
/// [SortedLoads].
///
/// **State that is larger than the cache.** Filters and indexes come in blocks as small as those of
/// data. One filter a file, RocksDB's default, is more than a megabyte in a large file, and must be
/// in the cache whole to say of one key that it is not there: with some millions of keys the cache
/// would hold a few of them, and each new key read one from the disk.
///
/// Threads: any.
final class RocksDatabase implements AutoCloseable {

  private static final long CACHE_BYTES = 64L << 20;
  private static final long WRITE_BUFFERS_BYTES = 32L << 20;
  private static final long WRITE_BUFFER_BYTES = 8L << 20;
  private static final int BLOOM_BITS_PER_KEY = 10;
  private static final int FILTER_BLOCK_BYTES = 4 << 10;

  private static final byte[] FIRST_KEY = {StoreKeys.RESERVED};
  private static final byte[] BEYOND_LAST_KEY = {StoreKeys.LISTED + 1};

  static {
    RocksDB.loadLibrary();
  }

  private final Cache cache = new LRUCache(CACHE_BYTES);
  private final WriteBufferManager writeBuffers =
      new WriteBufferManager(WRITE_BUFFERS_BYTES, cache);
  private final BloomFilter bloom = new BloomFilter(BLOOM_BITS_PER_KEY);
  private final ColumnFamilyOptions familyOptions;
  private final DBOptions options;
  private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
  private final IngestExternalFileOptions moving =
      new IngestExternalFileOptions().setMoveFiles(true);
  private final Path directory;
  private final RocksDB database;
  private final SortedLoads loads;
  private final Map<String, ColumnFamilyHandle> found = new HashMap<>();

  /// To be locked for.
  private final List<ColumnFamilyHandle> handles = new ArrayList<>();

  private final ReadWriteLock inUse = new ReentrantReadWriteLock();
  private volatile boolean closing;

  /// Opens the database with all families that it has.
  ///
  /// @param loading where files are written that the database then takes over
  RocksDatabase(Path directory, Path loading, SortedLoads.Bounds bounds) throws RocksDBException {
    this.directory = directory;
    familyOptions =
        new ColumnFamilyOptions()
            .setWriteBufferSize(WRITE_BUFFER_BYTES)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setCacheIndexAndFilterBlocks(true)
                    .setCacheIndexAndFilterBlocksWithHighPriority(true)
                    .setPartitionFilters(true)
                    .setIndexType(IndexType.kTwoLevelIndexSearch)
                    .setPinTopLevelIndexAndFilter(true)
                    .setMetadataBlockSize(FILTER_BLOCK_BYTES)
                    .setFilterPolicy(bloom));
    options =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setWriteBufferManager(writeBuffers)
            .setKeepLogFileNum(2)
            .setMaxOpenFiles(256);
    loads = new SortedLoads(loading, options, familyOptions, bounds);
    List<ColumnFamilyDescriptor> families = new ArrayList<>();
    families.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions));
    try (Options listing = new Options()) {
      for (byte[] name : RocksDB.listColumnFamilies(listing, directory.toString())) {
        if (!Arrays.equals(name, RocksDB.DEFAULT_COLUMN_FAMILY)) {
          families.add(new ColumnFamilyDescriptor(name, familyOptions));
        }
      }
    }
    database = RocksDB.open(options, directory.toString(), families, handles);
    for (int i = 1; i < families.size(); i++) {
      found.put(new String(families.get(i).getName(), StandardCharsets.UTF_8), handles.get(i));
    }
  }

  /// The families that were there when the database was opened, by their names.
  Map<String, ColumnFamilyHandle> found() {
    return Map.copyOf(found);
  }

  SortedLoads loads() {
    return loads;
  }

  /// Something done with the database.
  @FunctionalInterface
  interface Use<T extends @Nullable Object> {
    T run() throws RocksDBException;
  }

  /// Keeps the database from being closed under a use of it, and refuses it afterwards.
  ///
  /// @param what is done, for the error's sentence
  /// @throws StoreUnavailable where it fails, or the database is closed
  <T extends @Nullable Object> T whileOpen(String what, Use<T> use) {
    inUse.readLock().lock();
    try {
      requireOpen(what);
      return use.run();
    } catch (RocksDBException cause) {
      if (DamagedStore.isDamage(cause)) {
        DamagedStore.mark(directory, String.valueOf(cause.getMessage()));
      }
      throw failed(what, cause);
    } finally {
      inUse.readLock().unlock();
    }
  }

  /// Does something while nobody uses the database, or not at all: a reader over HTTP may take its
  /// time, and is not waited for.
  ///
  /// @return whether it was done
  boolean ifUnused(String what, Use<?> use) {
    if (!inUse.writeLock().tryLock()) {
      return false;
    }
    try {
      requireOpen(what);
      use.run();
      return true;
    } catch (RocksDBException cause) {
      throw failed(what, cause);
    } finally {
      inUse.writeLock().unlock();
    }
  }

  void requireOpen(String what) {
    if (closing) {
      throw new StoreUnavailable(
          "local store: " + what + " failed (the worker has stopped)", new IllegalStateException());
    }
  }

  private static StoreUnavailable failed(String what, RocksDBException cause) {
    return new StoreUnavailable(
        "local store: " + what + " failed (" + cause.getMessage() + ")", cause);
  }

  /// Makes a family. Within a use.
  ColumnFamilyHandle create(byte[] name) throws RocksDBException {
    synchronized (handles) {
      ColumnFamilyHandle made =
          database.createColumnFamily(new ColumnFamilyDescriptor(name, familyOptions));
      handles.add(made);
      return made;
    }
  }

  /// Removes a family with all that it holds. While nobody uses it.
  void drop(ColumnFamilyHandle family) throws RocksDBException {
    synchronized (handles) {
      handles.remove(family);
    }
    database.dropColumnFamily(family);
    family.close();
  }

  /// For what only reads. Within a use, in which iterators must be closed.
  RocksDB rocks() {
    return database;
  }

  /// Writes a batch, without a log. Within a use.
  void write(WriteBatch batch) throws RocksDBException {
    database.write(unlogged, batch);
  }

  /// Takes a finished file over, in one step. Within a use.
  void takeOver(ColumnFamilyHandle family, Path file) throws RocksDBException {
    database.ingestExternalFile(family, List.of(file.toString()), moving);
  }

  /// Deletes all entries of a family. Within a use.
  void clear(ColumnFamilyHandle family) throws RocksDBException {
    database.deleteRange(family, unlogged, FIRST_KEY, BEYOND_LAST_KEY);
  }

  /// Gives a snapshot back, where the database has not been closed, which gives back all.
  void release(Snapshot snapshot) {
    inUse.readLock().lock();
    try {
      if (!closing) {
        database.releaseSnapshot(snapshot);
      }
    } finally {
      inUse.readLock().unlock();
    }
  }

  /// Writes what lies in memory to files, and waits for it.
  void flush() {
    whileOpen(
        "flushing",
        () -> {
          List<ColumnFamilyHandle> flushed;
          synchronized (handles) {
            flushed = List.copyOf(handles);
          }
          try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
            database.flush(waiting, flushed);
            return true;
          }
        });
  }

  /// What it takes now, roughly; nothing where it is closed or cannot tell.
  Store.Taken taken() {
    inUse.readLock().lock();
    try {
      return closing
          ? Store.Taken.NOTHING
          : new Store.Taken(
              database.getAggregatedLongProperty("rocksdb.live-sst-files-size"),
              database.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables"),
              cache.getUsage());
    } catch (RocksDBException _) {
      return Store.Taken.NOTHING;
    } finally {
      inUse.readLock().unlock();
    }
  }

  /// Flushes, waits for every use, and gives all that is native back. Once.
  @Override
  public synchronized void close() {
    if (closing) {
      return;
    }
    try {
      flush();
    } finally {
      closing = true;
      inUse.writeLock().lock();
      try {
        handles.forEach(ColumnFamilyHandle::close);
        database.close();
        unlogged.close();
        moving.close();
        loads.close();
        options.close();
        familyOptions.close();
        writeBuffers.close();
        cache.close();
        bloom.close();
      } finally {
        inUse.writeLock().unlock();
      }
    }
  }
}
