package dev.gretchen.engine.internal.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/// Fills table partitions of a RocksDB in long sorted runs: each becomes a table file that the
/// database takes over as it is.
///
/// **Why.** A change that is written goes through a batch, a skip list, a flush and, where keys
/// come in any order, several compactions. Of a recovery we know that nobody reads what it has not
/// finished, so that it may gather, sort once and write once.
///
/// **Why a crash needs no wipe here either.** A file holds its data and the position that they lead
/// to, and the database takes it over in one step of its manifest: both are there, or neither. What
/// is gathered and what is written half is lost, and the position does not speak of it. Files that
/// a killed process left are removed when the store is opened.
///
/// Loads share a bound of memory. Where it is reached, a load that has taken its share is due.
///
/// Thread: a load belongs to one thread; several may load at a time.
final class SortedLoads implements AutoCloseable {

  /// How loads are bounded.
  ///
  /// @param worthRecords fewer records than that are written as batches
  /// @param bytesMax of memory that all loads may gather
  record Bounds(long worthRecords, long bytesMax) {

    static final Bounds STANDARD = new Bounds(50_000, 64L << 20);

    Bounds {
      if (bytesMax < 1 || bytesMax > SortedRun.BYTES_MAX / 2) {
        throw new IllegalArgumentException(
            "loads gather 1 to " + SortedRun.BYTES_MAX / 2 + " bytes, found " + bytesMax);
      }
    }
  }

  /// Something done with the database.
  @FunctionalInterface
  interface Use {
    void run() throws RocksDBException;
  }

  /// A table partition that is filled.
  interface Partition {

    /// While the database is open.
    void whileOpen(Use use);

    /// Takes over a file.
    ///
    /// @return false if the claim has passed on, and nothing was done
    boolean takeOver(Path file);
  }

  private final Path directory;
  private final Bounds bounds;
  private final Options options;
  private final EnvOptions environment = new EnvOptions();
  private final AtomicLong files = new AtomicLong();
  private final AtomicLong gathered = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();

  /// @param directory for files under way, on the database's file system
  SortedLoads(Path directory, DBOptions database, ColumnFamilyOptions family, Bounds bounds) {
    this.directory = directory;
    this.bounds = bounds;
    this.options = new Options(database, family);
  }

  /// Removes what a killed process has left half written.
  static void tidy(Path directory) throws IOException {
    if (Files.exists(directory)) {
      List<Path> left;
      try (Stream<Path> all = Files.list(directory)) {
        left = all.toList();
      }
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  boolean isWorth(long records) {
    return records >= bounds.worthRecords();
  }

  Load begin(Partition partition) {
    open.incrementAndGet();
    return new SortedLoad(partition);
  }

  @Override
  public void close() {
    options.close();
    environment.close();
  }

  private Path newFile() {
    try {
      Files.createDirectories(directory);
    } catch (IOException cause) {
      throw new StoreUnavailable(
          "local store: " + directory + " cannot be made (" + cause.getMessage() + ")", cause);
    }
    return directory.resolve(files.incrementAndGet() + ".sst");
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot remove " + file, cause);
    }
  }

  private final class SortedLoad implements Load {

    private final Partition partition;
    private final SortedRun run = new SortedRun();

    SortedLoad(Partition partition) {
      this.partition = partition;
    }

    @Override
    public void add(byte[] key, byte @Nullable [] value) {
      long before = run.bytes();
      run.add(key, value);
      gathered.addAndGet(run.bytes() - before);
    }

    @Override
    public boolean isFull() {
      return run.bytes() >= bounds.bytesMax();
    }

    @Override
    public boolean isDue() {
      long all = gathered.get();
      return all >= bounds.bytesMax() && run.bytes() >= all / open.get();
    }

    @Override
    public boolean apply(Position position) {
      long bytes = run.bytes();
      Path file = newFile();
      try {
        partition.whileOpen(() -> write(file, position));
        return partition.takeOver(file);
      } finally {
        run.clear();
        gathered.addAndGet(-bytes);
        // where it was taken over, it has moved
        remove(file);
      }
    }

    private void write(Path file, Position position) throws RocksDBException {
      try (SstFileWriter writer = new SstFileWriter(environment, options)) {
        writer.open(file.toString());
        run.drain(
            StoreKeys.POSITION,
            position.encode(),
            new SortedRun.Visitor() {
              @Override
              public void put(ByteBuffer key, ByteBuffer value) throws RocksDBException {
                writer.put(key, value);
              }

              @Override
              public void delete(byte[] key) throws RocksDBException {
                writer.delete(key);
              }
            });
        writer.finish();
      }
    }

    @Override
    public void close() {
      gathered.addAndGet(-run.bytes());
      open.decrementAndGet();
      run.close();
    }
  }
}
