package dev.gretchen.engine.internal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.RocksDBException;

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
/// **Whoever opens a partition does not wait for the disk.** The polling thread does, in the middle
/// of a rebalance for which others wait. So a family is made with the first write, and a flush
/// under way holds up nobody.
///
/// What is native, with its memory and its end, is a [RocksDatabase]'s.
public final class RocksStore implements Store {

  /// What RocksDB locks, and what its error names.
  private static final String LOCK = "LOCK";

  /// Who holds the lock, for whoever finds it taken: the number of a process.
  private static final String HOLDER = "HOLDER";

  /// Where files are written that the database then takes over.
  private static final String LOADING = "loading";

  private final RocksDatabase database;
  private final Map<String, RocksPartition> partitions = new ConcurrentHashMap<>();

  private RocksStore(RocksDatabase database) {
    this.database = database;
    database
        .found()
        .forEach(
            (name, family) -> partitions.put(name, new RocksPartition(database, name, family)));
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
      return anew(directory, bounds);
    } catch (RocksDBException failure) {
      if (!DamagedStore.isDamage(failure)) {
        throw failure;
      }
      DamagedStore.remove(directory, String.valueOf(failure.getMessage()));
      return anew(directory, bounds);
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

  private static RocksStore anew(Path directory, SortedLoads.Bounds bounds)
      throws RocksDBException {
    return new RocksStore(new RocksDatabase(directory, directory.resolve(LOADING), bounds));
  }

  @Override
  public StorePartition partition(String table, int partition) {
    database.requireOpen("opening " + table + "-" + partition);
    return partitions.computeIfAbsent(
        table + "-" + partition, name -> new RocksPartition(database, name, null));
  }

  @Override
  public List<Name> held() {
    return partitions.entrySet().stream()
        .filter(entry -> entry.getValue().isThere())
        .map(entry -> Name.parse(entry.getKey()))
        .sorted()
        .toList();
  }

  @Override
  public boolean drop(Name name) {
    return database.ifUnused(
        "removing " + name,
        () -> {
          RocksPartition partition = partitions.remove(name.toString());
          if (partition != null) {
            partition.drop();
          }
          return true;
        });
  }

  @Override
  public Taken taken() {
    return database.taken();
  }

  @Override
  public void flush() {
    database.flush();
  }

  @Override
  public void close() {
    database.close();
  }
}
