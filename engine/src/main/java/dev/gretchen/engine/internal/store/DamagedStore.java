package dev.gretchen.engine.internal.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files of a store that a disk has damaged: found out, marked, removed.
///
/// A database that is open cannot be removed under its users: it is marked, the worker fails, and
/// the next start begins with an empty store, which the recovery fills from the changelog. Without
/// that, a worker would fail at each start until somebody removed the files by hand.
final class DamagedStore {

  private static final Logger LOG = LoggerFactory.getLogger(DamagedStore.class);
  private static final String MARK = "DAMAGED";

  private DamagedStore() {}

  /// Whether the files are not what was written; a lock, a full disk or a missing right is not
  /// that.
  static boolean isDamage(RocksDBException failure) {
    Status status = failure.getStatus();
    return status != null && status.getCode() == Status.Code.Corruption;
  }

  /// Leaves a mark for the next start; where even that cannot be written, it finds out by itself.
  static void mark(Path directory, String reason) {
    try {
      Files.writeString(directory.resolve(MARK), reason);
    } catch (IOException cause) {
      LOG.atWarn()
          .addKeyValue("directory", directory)
          .setCause(cause)
          .log("the mark of a damaged store cannot be written");
    }
  }

  static void removeIfMarked(Path directory) throws IOException {
    Path mark = directory.resolve(MARK);
    if (Files.exists(mark)) {
      remove(directory, Files.readString(mark));
    }
  }

  /// Removes all files of the store. The mark is the last to go.
  static void remove(Path directory, String reason) throws IOException {
    LOG.atWarn()
        .addKeyValue("directory", directory)
        .addKeyValue("reason", reason)
        .log("local store is damaged: it is removed, and recovered from its changelogs");
    Path mark = directory.resolve(MARK);
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder())
          .filter(path -> !path.equals(directory) && !path.equals(mark))
          .forEach(DamagedStore::delete);
      Files.deleteIfExists(mark);
    } catch (UncheckedIOException cause) {
      throw new IOException(cause.getMessage(), cause);
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }
}
