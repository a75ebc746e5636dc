package dev.gretchen.testkit.disk;

import dev.gretchen.engine.internal.store.RocksStore;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A real directory with the engine's own RocksDB in it.
///
/// **How a process is killed.** The store runs in our own process, which goes on. So at the moment
/// of the kill the directory is copied as it lies there, which is all that a killed process leaves
/// behind; then the old store is closed on files that nobody looks at again, and the next process
/// opens the copy. RocksDB's own threads may move files meanwhile; a copy during which anything
/// moved is made again.
///
/// Slower by far than [SimDisk], and the same in its promises: each flush is waited for, so that a
/// simulation stays a function of its seed.
public final class RocksDisk implements Disk {

  private static final int COPIES_MAX = 100;

  private final Scheduler scheduler;
  private final Path home;
  private final Lease lease = new Lease();
  private final List<Wipe> wipes = new ArrayList<>();
  private final List<Store> open = new ArrayList<>();
  private int directories;
  private Path current;

  private record Directory(Path path) implements Copy {}

  /// @param home an existing directory, in which it makes others
  public RocksDisk(Scheduler scheduler, Path home) {
    this.scheduler = scheduler;
    this.home = home;
    this.current = fresh();
  }

  private Path fresh() {
    return home.resolve("state-" + directories++);
  }

  @Override
  public Store open(SimProcess process) {
    lease.take(process);
    Store store = RocksStore.withSmallLoads(current);
    open.add(store);
    process.whenKilled(() -> {
      if (open.remove(store)) {
        Path left = current;
        current = copyOf(left);
        store.close();
        delete(left);
      }
    });
    return new SteppedStore(
        scheduler,
        process,
        store,
        _ -> store.flush(),
        wipes::add,
        () -> {
          open.remove(store);
          lease.giveBack(process);
        });
  }

  @Override
  public Copy copy() {
    return new Directory(copyOf(current));
  }

  @Override
  public void restore(Copy copy) {
    delete(current);
    current = copyOf(((Directory) copy).path());
  }

  @Override
  public void wipe() {
    delete(current);
    current = fresh();
  }

  @Override
  public List<Wipe> wipes() {
    return List.copyOf(wipes);
  }

  /// Closes what is open, and deletes all directories.
  @Override
  public void close() {
    open.forEach(Store::close);
    delete(home);
  }

  private Path copyOf(Path from) {
    for (int i = 0; i < COPIES_MAX; i++) {
      Path to = fresh();
      try {
        Map<String, Long> before = listing(from);
        Files.createDirectories(to);
        for (String file : before.keySet()) {
          if (!file.equals("LOCK")) {
            Files.copy(from.resolve(file), to.resolve(file));
          }
        }
        if (before.equals(listing(from))) {
          return to;
        }
      } catch (IOException moved) {
        // again, from what there is now
      }
      delete(to);
    }
    throw new IllegalStateException(from + " does not come to rest");
  }

  /// Names and lengths; nothing where there is no directory.
  private static Map<String, Long> listing(Path directory) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> all = Files.list(directory)) {
        for (Path file : all.toList()) {
          files.put(file.getFileName().toString(), Files.size(file));
        }
      }
    }
    return files;
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }
}
