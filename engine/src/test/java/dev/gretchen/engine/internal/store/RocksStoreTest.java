package dev.gretchen.engine.internal.store;

import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static dev.gretchen.engine.internal.store.StoreConformanceTest.at;
import static dev.gretchen.engine.internal.store.StoreConformanceTest.delete;
import static dev.gretchen.engine.internal.store.StoreConformanceTest.entries;
import static dev.gretchen.engine.internal.store.StoreConformanceTest.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is particular to a store on disk: what survives, and how it ends.
class RocksStoreTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void keepsDataAndPositionOverACloseAndTakesOldClaimsAnew() {
    try (RocksStore store = RocksStore.open(directory.resolve("db"))) {
      StorePartition partition = store.partition("table", 3);
      partition.claim(5);
      partition.apply(5, List.of(put("a", "1"), put("b", "2")), at(7));
      partition.apply(5, List.of(delete("b")), at(8));
    }
    try (RocksStore store = RocksStore.open(directory.resolve("db"))) {
      StorePartition partition = store.partition("table", 3);
      assertThat(partition.position()).isEqualTo(at(8));
      assertThat(content(partition)).containsExactly(Map.entry("a", "1"));
      // tokens begin again with the process
      partition.claim(1);
      assertThat(partition.apply(1, List.of(put("c", "3")), at(9))).isTrue();
    }
  }

  @Test
  void makesNothingOnDiskForAPartitionThatIsOnlyOpened() {
    try (RocksStore store = RocksStore.open(directory.resolve("db"))) {
      StorePartition partition = store.partition("table", 3);
      partition.claim(1);
      partition.wipe(1);
      assertThat(partition.position()).isEqualTo(Position.NOTHING);
      assertThat(store.held()).isEmpty();

      partition.apply(1, List.of(put("a", "1")), at(7));
      assertThat(store.held()).containsExactly(new Store.Name("table", 3));
    }
  }

  @Test
  void tellsWhatItTakes() {
    RocksStore store = RocksStore.open(directory.resolve("db"));
    try (store) {
      StorePartition partition = store.partition("table", 0);
      partition.claim(1);
      partition.apply(1, List.of(put("a", "1".repeat(10_000))), at(7));
      assertThat(store.taken().memtables()).isGreaterThan(10_000);
      assertThat(store.taken().files()).isZero();
      store.flush();
      assertThat(store.taken().files()).isPositive();
    }
    assertThat(store.taken()).isEqualTo(Store.Taken.NOTHING);
  }

  @Test
  void fallsBackToAConsistentPrefixAfterACrash() throws IOException {
    Path live = directory.resolve("live");
    try (RocksStore store = RocksStore.open(live)) {
      StorePartition partition = store.partition("table", 0);
      StorePartition neverFlushed = store.partition("table", 1);
      partition.claim(1);
      neverFlushed.claim(1);
      for (int batch = 1; batch <= 100; batch++) {
        partition.apply(1, numbered(batch), at(batch));
      }
      store.flush();
      neverFlushed.apply(1, numbered(1), at(1));
      for (int batch = 101; batch <= 150; batch++) {
        partition.apply(1, numbered(batch), at(batch));
      }

      // a process that is killed now leaves this on its disk
      try (RocksStore crashed = RocksStore.open(copyOf(live))) {
        StorePartition after = crashed.partition("table", 0);
        long position = after.position().next();
        assertThat(position).isBetween(100L, 150L);
        assertThat(content(after))
            .as("the content belongs to the position")
            .containsEntry("last", Long.toString(position))
            .hasSize((int) position + 1);
        StorePartition empty = crashed.partition("table", 1);
        assertThat(empty.position().next()).isEqualTo(content(empty).isEmpty() ? 0 : 1);
      }
    }
  }

  @Test
  void fallsBackToAConsistentPrefixWhereMemtablesWereSwitchedInBetween() throws IOException {
    Path live = directory.resolve("live");
    byte[] large = new byte[100_000];
    try (RocksStore store = RocksStore.open(live)) {
      StorePartition partition = store.partition("table", 0);
      partition.claim(1);
      for (int batch = 1; batch <= 300; batch++) {
        partition.apply(
            1,
            List.of(new Change(key("large" + batch), large), put("last", Integer.toString(batch))),
            at(batch));
      }
      try (RocksStore crashed = RocksStore.open(copyOf(live))) {
        StorePartition after = crashed.partition("table", 0);
        long position = after.position().next();
        Map<String, String> content = content(after);
        if (position > 0) {
          assertThat(content).containsEntry("last", Long.toString(position));
        }
        assertThat(content).hasSize(position == 0 ? 0 : (int) position + 1);
      }
    }
  }

  @Test
  void refusesADirectoryThatIsOpenAlready() {
    try (RocksStore store = RocksStore.open(directory)) {
      assertThat(store).isNotNull();
      assertThatThrownBy(() -> RocksStore.open(directory))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageMatching(
              "state directory .* is in use by process "
                  + ProcessHandle.current().pid()
                  + "; each worker needs one of its own: .* --state-dir");
    }
  }

  @Test
  void forgetsWhatWasDroppedAndKeepsTheRestOverACrash() throws IOException {
    Path live = directory.resolve("live");
    try (RocksStore store = RocksStore.open(live)) {
      for (int i = 0; i < 3; i++) {
        StorePartition partition = store.partition("table", i);
        partition.claim(1);
        partition.apply(1, List.of(put("a", "1")), at(7));
      }
      store.flush();
      store.drop(new Store.Name("table", 1));
      try (RocksStore crashed = RocksStore.open(copyOf(live))) {
        assertThat(crashed.held())
            .extracting(Store.Name::toString)
            .containsExactly("table-0", "table-2");
        assertThat(content(crashed.partition("table", 2))).containsOnlyKeys("a");
      }
    }
  }

  @Test
  void doesNotDropUnderAReader() {
    try (RocksStore store = RocksStore.open(directory)) {
      StorePartition partition = store.partition("table", 0);
      partition.claim(1);
      partition.apply(1, List.of(put("a", "1")), at(7));
      StorePartition.Snapshot early = partition.snapshot();
      boolean[] dropped = {true};
      Thread reader =
          Thread.ofPlatform()
              .start(() -> early.forEach((_, _) -> dropped[0] &= dropsElsewhere(store)));
      assertThat(joined(reader)).isTrue();
      assertThat(dropped[0]).isFalse();
      assertThat(store.drop(new Store.Name("table", 0))).isTrue();
      assertThatThrownBy(() -> early.forEach((_, _) -> {}))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("was removed");
      early.close();
    }
  }

  private static boolean dropsElsewhere(Store store) {
    boolean[] dropped = {true};
    Thread other =
        Thread.ofPlatform().start(() -> dropped[0] = store.drop(new Store.Name("table", 0)));
    return joined(other) && dropped[0];
  }

  private static boolean joined(Thread thread) {
    try {
      return thread.join(java.time.Duration.ofSeconds(10));
    } catch (InterruptedException _) {
      return false;
    }
  }

  @Test
  void beginsAnewWhereItsFilesAreCutShort() throws Exception {
    writeTables();
    Path table = table();
    Files.write(table, Arrays.copyOf(Files.readAllBytes(table), 100));

    try (RocksStore store = RocksStore.open(directory)) {
      assertThat(store.held()).isEmpty();
      assertThat(store.partition("table", 0).position()).isEqualTo(Position.NOTHING);
    }
  }

  @Test
  void neverReadsWhatTheDiskHasChangedAndBeginsAnewAtItsNextStart() throws Exception {
    writeTables();
    Path table = table();
    byte[] bytes = Files.readAllBytes(table);
    bytes[10] ^= 1;
    Files.write(table, bytes);

    try (RocksStore store = RocksStore.open(directory)) {
      StorePartition partition = store.partition("table", 0);
      assertThatThrownBy(() -> content(partition))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("checksum mismatch");
    }
    try (RocksStore store = RocksStore.open(directory)) {
      assertThat(store.held()).isEmpty();
      StorePartition partition = store.partition("table", 0);
      partition.claim(1);
      assertThat(partition.apply(1, List.of(put("a", "1")), at(1))).isTrue();
    }
    try (RocksStore store = RocksStore.open(directory)) {
      assertThat(store.partition("table", 0).position()).as("kept from then on").isEqualTo(at(1));
    }
  }

  @Test
  void holdsWhatItsPositionSaysWhereverALoadIsCutOffByACrash() throws IOException {
    Path live = directory.resolve("live");
    try (RocksStore store = RocksStore.withSmallLoads(live)) {
      StorePartition partition = store.partition("table", 0);
      partition.claim(1);
      try (Load load = partition.load(1, 1_000)) {
        for (int record = 1; record <= 200; record++) {
          for (Change change : numbered(record)) {
            load.add(change.key().bytes(), change.value());
          }
          if (record % 7 == 0) {
            requireConsistent(live);
          }
          if (load.isDue()) {
            load.apply(at(record));
            assertThat(requireConsistent(live)).as("a load is durable").isEqualTo(record);
          }
        }
      }
      // batches lie in memory when the next load comes
      long loaded = partition.position().next();
      assertThat(loaded).isBetween(150L, 199L);
      for (long batch = loaded + 1; batch <= 210; batch++) {
        partition.apply(1, numbered((int) batch), at(batch));
      }
      assertThat(requireConsistent(live)).isBetween(loaded, 210L);
      try (Load load = partition.load(1, 1_000)) {
        for (Change change : numbered(211)) {
          load.add(change.key().bytes(), change.value());
        }
        load.apply(at(211));
      }
      assertThat(requireConsistent(live)).isEqualTo(211);
    }
  }

  /// @return the position that a process finds that is started after a crash now
  private long requireConsistent(Path live) throws IOException {
    Path copy = copyOf(live);
    try (RocksStore crashed = RocksStore.open(copy)) {
      StorePartition after = crashed.partition("table", 0);
      long position = after.position().next();
      Map<String, String> content = content(after);
      assertThat(content).hasSize(position == 0 ? 0 : (int) position + 1);
      if (position > 0) {
        assertThat(content).containsEntry("last", Long.toString(position));
      }
      return position;
    }
  }

  @Test
  void removesFilesThatAKilledProcessDidNotHandOver() throws IOException {
    Path half = Files.createDirectories(directory.resolve("loading")).resolve("7.sst");
    Files.writeString(half, "half a file");
    try (RocksStore store = RocksStore.withSmallLoads(directory)) {
      assertThat(half).doesNotExist();
      StorePartition partition = store.partition("table", 0);
      partition.claim(1);
      try (Load load = partition.load(1, 1_000)) {
        load.add(key("a").bytes(), bytes("1"));
        assertThat(load.apply(at(1))).isTrue();
      }
      assertThat(content(partition)).containsExactly(Map.entry("a", "1"));
      assertThat(directory.resolve("loading")).isEmptyDirectory();
    }
  }

  private void writeTables() {
    try (RocksStore store = RocksStore.open(directory)) {
      StorePartition partition = store.partition("table", 0);
      partition.claim(1);
      for (int i = 0; i < 100; i++) {
        partition.apply(1, List.of(put("key-" + i, "value " + i)), at(i));
      }
    }
  }

  private Path table() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(path -> path.toString().endsWith(".sst"))
          .max(Comparator.comparingLong(path -> path.toFile().length()))
          .orElseThrow();
    }
  }

  @Test
  void refusesUsesAfterItsEndInsteadOfTakingTheProcessDown() {
    RocksStore store = RocksStore.open(directory);
    StorePartition partition = store.partition("table", 0);
    partition.claim(1);
    partition.apply(1, List.of(put("a", "1")), at(1));
    StorePartition.Snapshot snapshot = partition.snapshot();
    store.close();
    store.close();

    assertThatThrownBy(() -> partition.get(key("a").bytes()))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("the worker has stopped");
    assertThatThrownBy(() -> partition.apply(1, List.of(), at(2)))
        .isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> partition.keys(new byte[] {1}, _ -> true, 1))
        .isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(partition::snapshot).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> snapshot.forEach((_, _) -> {})).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> store.partition("table", 9)).isInstanceOf(StoreUnavailable.class);
    snapshot.close();
  }

  private static List<Change> numbered(int batch) {
    return List.of(put("key" + batch, "x"), put("last", Integer.toString(batch)));
  }

  private static Map<String, String> content(StorePartition partition) {
    try (StorePartition.Snapshot snapshot = partition.snapshot()) {
      return entries(snapshot);
    }
  }

  /// What a process that is killed now leaves behind. RocksDB's threads go on, so a copy during
  /// which a file came or went is none of one moment, and is made again.
  private Path copyOf(Path live) throws IOException {
    Path copy = directory.resolve("copy");
    Set<Path> before;
    boolean whole;
    do {
      deleteAll(copy);
      Files.createDirectories(copy);
      before = files(live);
      whole = true;
      for (Path file : before) {
        try {
          Files.copy(file, copy.resolve(file.getFileName()));
        } catch (NoSuchFileException _) {
          whole = false;
        }
      }
    } while (!whole || !before.equals(files(live)));
    return copy;
  }

  private static Set<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> !file.getFileName().toString().equals("LOCK"))
          .collect(Collectors.toSet());
    }
  }

  private static void deleteAll(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
