package dev.gretchen.engine.internal.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
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
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/// A store on RocksDB: one database a worker, one column family a table partition.
///
/// **Why a crash needs no wipe.** The write-ahead log is off, so a crash loses what was not
/// flushed. A column family's memtables are flushed whole and in order; its data and its position
/// lie in the *same* family and move in one batch, so whatever prefix of the batches survives, it
/// is a committed prefix of the changelog with its own position beside it. The changelog's tail
/// brings it up to date. (A position in a family of its own would survive, or not, apart from its
/// data.)
///
/// **Damage.** What a disk has damaged is never read: every block has a checksum. The files are
/// given up then, because the changelog has it all: at once where they cannot be opened, at the
/// next start where a use finds it out, see [DamagedStore].
///
/// **Closing.** A handler that ignores its end, a reader of a view or an HTTP client may still be
/// reading when the worker stops, and a native database that is closed under its reader takes the
/// whole process down. So each use holds a lock that closing waits for, and finds the store closed
/// afterwards.
///
/// **Whoever opens a partition does not wait for the disk.** The polling thread does, in the middle
/// of a rebalance for which others wait. So a family is made with the first write, and a flush
/// under way holds up nobody.
///
/// The memory of all families together is bounded by one block cache, from which the write buffers
/// are taken too; what recoveries gather before it is written has a bound of its own, see
/// [SortedLoads].
public final class RocksStore implements Store {

  private static final long CACHE_BYTES = 64L << 20;
  private static final long WRITE_BUFFERS_BYTES = 32L << 20;
  private static final long WRITE_BUFFER_BYTES = 8L << 20;
  private static final int BLOOM_BITS_PER_KEY = 10;

  /// What an entry of a batch takes, where nothing is known of it.
  private static final int ENTRY_BYTES = 96;

  /// What RocksDB locks, and what its error names.
  private static final String LOCK = "LOCK";

  /// Who holds the lock, for whoever finds it taken: the number of a process.
  private static final String HOLDER = "HOLDER";

  /// Where files are written that the database then takes over.
  private static final String LOADING = "loading";

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
  private final Path directory;
  private final RocksDB database;
  private final Map<String, Partition> partitions = new ConcurrentHashMap<>();

  /// To be locked for.
  private final List<ColumnFamilyHandle> handles = new ArrayList<>();

  private final SortedLoads loads;
  private final IngestExternalFileOptions moving =
      new IngestExternalFileOptions().setMoveFiles(true);
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();
  private volatile boolean closing;

  private RocksStore(Path directory, SortedLoads.Bounds bounds) throws RocksDBException {
    this.directory = directory;
    familyOptions =
        new ColumnFamilyOptions()
            .setWriteBufferSize(WRITE_BUFFER_BYTES)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setCacheIndexAndFilterBlocks(true)
                    .setFilterPolicy(bloom));
    options =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setWriteBufferManager(writeBuffers)
            .setKeepLogFileNum(2)
            .setMaxOpenFiles(256);
    loads = new SortedLoads(directory.resolve(LOADING), options, familyOptions, bounds);
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
      partitions.put(
          new String(families.get(i).getName(), StandardCharsets.UTF_8),
          new Partition(families.get(i).getName(), handles.get(i)));
    }
  }

  /// Opens or makes the database in a directory.
  ///
  /// @throws StoreUnavailable if the directory cannot be used, for instance because another process
  ///   has it open
  public static RocksStore open(Path directory) {
    return open(directory, SortedLoads.Bounds.STANDARD);
  }

  /// The same with loads of a few kilobytes, so that tests need not fill it.
  public static RocksStore withSmallLoads(Path directory) {
    return open(directory, new SortedLoads.Bounds(16, 1 << 10));
  }

  private static RocksStore open(Path directory, SortedLoads.Bounds bounds) {
    try {
      Files.createDirectories(directory);
      DamagedStore.removeIfMarked(directory);
      RocksStore store = openOrBeginAnew(directory, bounds);
      try {
        SortedLoads.tidy(directory.resolve(LOADING));
        Files.writeString(directory.resolve(HOLDER), Long.toString(ProcessHandle.current().pid()));
      } catch (IOException full) {
        store.close();
        throw full;
      }
      return store;
    } catch (IOException | RocksDBException cause) {
      if (String.valueOf(cause.getMessage()).contains(LOCK)) {
        throw new StoreUnavailable(inUse(directory), cause);
      }
      throw new StoreUnavailable(
          "state directory "
              + directory
              + " cannot be opened ("
              + cause.getMessage()
              + "); is it this user's, and is there room on the disk?",
          cause);
    }
  }

  private static RocksStore openOrBeginAnew(Path directory, SortedLoads.Bounds bounds)
      throws RocksDBException, IOException {
    try {
      return new RocksStore(directory, bounds);
    } catch (RocksDBException failure) {
      if (!DamagedStore.isDamage(failure)) {
        throw failure;
      }
      DamagedStore.remove(directory, String.valueOf(failure.getMessage()));
      return new RocksStore(directory, bounds);
    }
  }

  private static String inUse(Path directory) {
    String holder;
    try {
      holder = "process " + Files.readString(directory.resolve(HOLDER));
    } catch (IOException _) {
      holder = "another process";
    }
    return "state directory "
        + directory
        + " is in use by "
        + holder
        + "; each worker needs one of its own: stop that process, or choose another with --state-dir";
  }

  @Override
  public StorePartition partition(String table, int partition) {
    requireOpen("opening " + table + "-" + partition);
    return partitions.computeIfAbsent(
        table + "-" + partition,
        name -> new Partition(name.getBytes(StandardCharsets.UTF_8), null));
  }

  @Override
  public List<Name> held() {
    return partitions.entrySet().stream()
        .filter(entry -> entry.getValue().family != null)
        .map(entry -> Name.parse(entry.getKey()))
        .sorted()
        .toList();
  }

  @Override
  public boolean drop(Name name) {
    // does not wait: a reader over HTTP may take its time
    if (!inUse.writeLock().tryLock()) {
      return false;
    }
    try {
      requireOpen("removing " + name);
      Partition partition = partitions.remove(name.toString());
      if (partition != null) {
        partition.drop();
      }
      return true;
    } catch (RocksDBException cause) {
      throw new StoreUnavailable(
          "local store: removing " + name + " failed (" + cause.getMessage() + ")", cause);
    } finally {
      inUse.writeLock().unlock();
    }
  }

  @Override
  public void flush() {
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

  @Override
  public Taken taken() {
    inUse.readLock().lock();
    try {
      return closing
          ? Taken.NOTHING
          : new Taken(
              database.getAggregatedLongProperty("rocksdb.live-sst-files-size"),
              database.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables"),
              cache.getUsage());
    } catch (RocksDBException _) {
      return Taken.NOTHING;
    } finally {
      inUse.readLock().unlock();
    }
  }

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

  /// Something done with the database.
  @FunctionalInterface
  private interface Use<T extends @Nullable Object> {
    T run() throws RocksDBException;
  }

  /// Keeps the database from being closed under a use of it, and refuses it afterwards.
  private <T extends @Nullable Object> T whileOpen(String what, Use<T> use) {
    inUse.readLock().lock();
    try {
      requireOpen(what);
      return use.run();
    } catch (RocksDBException cause) {
      if (DamagedStore.isDamage(cause)) {
        DamagedStore.mark(directory, String.valueOf(cause.getMessage()));
      }
      throw new StoreUnavailable(
          "local store: " + what + " failed (" + cause.getMessage() + ")", cause);
    } finally {
      inUse.readLock().unlock();
    }
  }

  private void requireOpen(String what) {
    if (closing) {
      throw new StoreUnavailable(
          "local store: " + what + " failed (the worker has stopped)", new IllegalStateException());
    }
  }

  private final class Partition implements StorePartition {

    private final byte[] name;
    private volatile @Nullable ColumnFamilyHandle family;
    private volatile boolean dropped; // written under the write lock
    private long holder;

    /// @param family null for one that has nothing yet
    Partition(byte[] name, @Nullable ColumnFamilyHandle family) {
      this.name = name;
      this.family = family;
    }

    /// The family, which is made where there is none.
    private ColumnFamilyHandle family() throws RocksDBException {
      ColumnFamilyHandle known = family;
      if (known != null) {
        return known;
      }
      synchronized (handles) {
        known = family;
        if (known == null) {
          known = database.createColumnFamily(new ColumnFamilyDescriptor(name, familyOptions));
          handles.add(known);
          family = known;
        }
        return known;
      }
    }

    /// Under the write lock: nobody uses it.
    private void drop() throws RocksDBException {
      dropped = true;
      ColumnFamilyHandle known = family;
      if (known != null) {
        synchronized (handles) {
          handles.remove(known);
        }
        database.dropColumnFamily(known);
        known.close();
      }
    }

    /// As the store's, and refuses what was removed.
    private <T extends @Nullable Object> T whileHeld(String what, Use<T> use) {
      return RocksStore.this.<T>whileOpen(
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
        requireOpen("reading");
        return null;
      }
      return this.<byte @Nullable []>whileHeld("reading", () -> database.get(known, key));
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
              database.write(unlogged, batch);
              return true;
            }
          });
    }

    @Override
    public Load load(long claim, long records) {
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
              return Partition.this.takeOver(claim, file);
            }
          });
    }

    /// Who takes the claim waits for this step, not for the writing of the file.
    private synchronized boolean takeOver(long claim, Path file) {
      return claim == holder
          && whileHeld(
              "loading",
              () -> {
                database.ingestExternalFile(family(), List.of(file.toString()), moving);
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
              database.deleteRange(known, unlogged, FIRST_KEY, BEYOND_LAST_KEY);
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
            try (RocksIterator iterator = database.newIterator(known)) {
              for (iterator.seek(from);
                  iterator.isValid() && found.size() < limit;
                  iterator.next()) {
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
      return whileHeld("reading", () -> new RocksSnapshot(this, family()));
    }
  }

  private final class RocksSnapshot implements StorePartition.Snapshot {

    private final Partition partition;
    private final ColumnFamilyHandle family;
    private final org.rocksdb.Snapshot snapshot;
    private final ReadOptions reading;

    RocksSnapshot(Partition partition, ColumnFamilyHandle family) {
      this.partition = partition;
      this.family = family;
      this.snapshot = database.getSnapshot();
      this.reading = new ReadOptions().setSnapshot(snapshot).setFillCache(false);
    }

    @Override
    public Position position() {
      byte[] stored =
          partition.<byte @Nullable []>whileHeld(
              "reading", () -> database.get(family, reading, StoreKeys.POSITION.bytes()));
      return stored == null ? Position.NOTHING : Position.decode(stored);
    }

    @Override
    public void forEach(StorePartition.Visitor visitor) {
      partition.whileHeld(
          "reading",
          () -> {
            try (RocksIterator iterator = database.newIterator(family, reading)) {
              for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                // a visitor may be slow: one that reads on does not hold up the end
                requireOpen("reading");
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
      inUse.readLock().lock();
      try {
        if (!closing) {
          database.releaseSnapshot(snapshot);
        }
      } finally {
        inUse.readLock().unlock();
      }
    }
  }
}
