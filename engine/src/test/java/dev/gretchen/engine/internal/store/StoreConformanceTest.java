package dev.gretchen.engine.internal.store;

import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What every store promises, on each of them.
@ParameterizedClass
@EnumSource
class StoreConformanceTest {

  private static final Uuid TOPIC = new Uuid(1, 2);
  private static final long CLAIM = 1;

  enum Kind {
    MEMORY,
    ROCKS,
    ROCKS_WITH_SMALL_LOADS
  }

  @Parameter private Kind kind = Kind.MEMORY;

  @TempDir private Path directory = Path.of("");

  private Store store = new MemoryStore();
  private StorePartition partition = store.partition("table", 0);

  @BeforeEach
  void open() {
    store =
        switch (kind) {
          case MEMORY -> new MemoryStore();
          case ROCKS -> RocksStore.open(directory);
          case ROCKS_WITH_SMALL_LOADS -> RocksStore.withSmallLoads(directory);
        };
    partition = store.partition("table", 0);
    partition.claim(CLAIM);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void holdsNothingAtFirst() {
    assertThat(partition.get(key("a").bytes())).isNull();
    assertThat(partition.position()).isEqualTo(Position.NOTHING);
    assertThat(content()).isEmpty();
  }

  @Test
  void takesTheLastChangeOfAKeyInABatch() {
    partition.apply(
        CLAIM,
        List.of(
            put("b", "1"), put("a", "1"), put("b", "2"), delete("a"), put("b", "3"), put("c", "1")),
        at(7));
    partition.apply(CLAIM, List.of(delete("c"), put("c", "2"), delete("c")), at(8));

    assertThat(content()).containsExactly(Map.entry("b", "3"));
    assertThat(partition.position()).isEqualTo(at(8));
  }

  @Test
  void beginsAnewWithWhatWasDropped() {
    partition.apply(CLAIM, List.of(put("a", "1")), at(7));
    StorePartition other = store.partition("table", 1);
    other.claim(CLAIM);
    other.apply(CLAIM, List.of(put("b", "2")), at(8));

    assertThat(store.drop(new Store.Name("table", 0))).isTrue();
    assertThat(store.held()).extracting(Store.Name::toString).containsExactly("table-1");
    assertThat(other.position()).isEqualTo(at(8));

    partition = store.partition("table", 0);
    assertThat(partition.position()).isEqualTo(Position.NOTHING);
    assertThat(content()).isEmpty();
    partition.claim(CLAIM + 1);
    assertThat(partition.apply(CLAIM + 1, List.of(put("c", "3")), at(1))).isTrue();
    assertThat(content()).containsExactly(Map.entry("c", "3"));
  }

  @Test
  void movesDataAndPositionTogether() {
    assertThat(partition.apply(CLAIM, List.of(put("a", "1"), put("b", "2")), at(7))).isTrue();
    assertThat(partition.apply(CLAIM, List.of(put("a", "3"), delete("b")), at(9))).isTrue();

    assertThat(content()).containsExactly(Map.entry("a", "3"));
    assertThat(text(partition.get(key("a").bytes()))).isEqualTo("3");
    assertThat(partition.get(key("b").bytes())).isNull();
    assertThat(partition.position()).isEqualTo(at(9));
  }

  @Test
  void deletesWhatIsNotThereWithoutComplaint() {
    assertThat(partition.apply(CLAIM, List.of(delete("never")), at(1))).isTrue();

    assertThat(content()).isEmpty();
    assertThat(partition.position()).isEqualTo(at(1));
  }

  @Test
  void keepsPartitionsAndTablesApart() {
    StorePartition other = store.partition("table", 1);
    StorePartition otherTable = store.partition("other", 0);
    other.claim(CLAIM);
    otherTable.claim(CLAIM);
    partition.apply(CLAIM, List.of(put("a", "1")), at(1));
    other.apply(CLAIM, List.of(put("a", "2")), at(2));

    assertThat(text(partition.get(key("a").bytes()))).isEqualTo("1");
    assertThat(text(other.get(key("a").bytes()))).isEqualTo("2");
    assertThat(otherTable.position()).isEqualTo(Position.NOTHING);
    assertThat(store.partition("table", 0)).isSameAs(partition);
  }

  @Test
  void doesNothingUnderAClaimThatHasPassedOn() {
    partition.apply(CLAIM, List.of(put("a", "1")), at(1));
    partition.claim(CLAIM + 1);

    assertThat(partition.apply(CLAIM, List.of(put("a", "late")), at(2))).isFalse();
    partition.wipe(CLAIM);
    partition.touch(CLAIM, 99);

    assertThat(content()).containsExactly(Map.entry("a", "1"));
    assertThat(partition.position()).isEqualTo(at(1));
    assertThat(partition.apply(CLAIM + 1, List.of(put("a", "new")), at(2))).isTrue();
  }

  @Test
  void refusesAClaimThatIsNotNewer() {
    assertThatThrownBy(() -> partition.claim(CLAIM))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("newer");
  }

  @Test
  void wipesDataOfAllKindsAndThePosition() {
    partition.apply(
        CLAIM,
        List.of(
            put("a", "1"),
            new Change(StoreKeys.STREAM_TIME, bytes("12345678")),
            new Change(StoreKeys.windowed(Long.MAX_VALUE, bytes("w")), bytes("2")),
            new Change(StoreKeys.windowed(-1, new byte[] {-1, -1}), bytes("3"))),
        at(5));

    partition.wipe(CLAIM);

    assertThat(content()).isEmpty();
    assertThat(partition.get(StoreKeys.STREAM_TIME.bytes())).isNull();
    assertThat(partition.position()).isEqualTo(Position.NOTHING);
    partition.apply(CLAIM, List.of(put("b", "2")), at(6));
    assertThat(content()).containsExactly(Map.entry("b", "2"));
  }

  @Test
  void touchesTheAgeOfAStoreAndNothingElse() {
    partition.touch(CLAIM, 50);
    assertThat(partition.position()).isEqualTo(Position.NOTHING);

    partition.apply(CLAIM, List.of(put("a", "1")), at(3));
    partition.touch(CLAIM, 60);

    assertThat(partition.position()).isEqualTo(new Position(TOPIC, 3, 60));
    assertThat(content()).containsExactly(Map.entry("a", "1"));
  }

  @Test
  void listsKeysAsUnsignedBytesFromAKeyOnWhileTheConditionHolds() {
    List<ByteKey> keys =
        List.of(
            StoreKeys.windowed(300, bytes("a")),
            StoreKeys.windowed(20, new byte[] {(byte) 0xff}),
            StoreKeys.windowed(20, bytes("b")),
            StoreKeys.windowed(100, bytes("c")),
            StoreKeys.plain(bytes("plain")));
    partition.apply(
        CLAIM, keys.stream().map(key -> new Change(key, bytes("value"))).toList(), at(5));
    byte[] firstWindow = {StoreKeys.WINDOWED};

    List<byte[]> upTo100 =
        partition.keys(firstWindow, key -> StoreKeys.windowStart(key) <= 100, 10);

    assertThat(upTo100)
        .containsExactly(keys.get(2).bytes(), keys.get(1).bytes(), keys.get(3).bytes());
    assertThat(partition.keys(firstWindow, _ -> true, 2)).hasSize(2);
    assertThat(partition.keys(firstWindow, _ -> true, 0)).isEmpty();
    assertThat(partition.keys(keys.get(3).bytes(), _ -> true, 10))
        .containsExactly(keys.get(3).bytes(), keys.get(0).bytes());
  }

  @Test
  void keepsASnapshotAsItWas() {
    partition.apply(CLAIM, List.of(put("a", "1"), put("b", "2")), at(2));
    try (StorePartition.Snapshot before = partition.snapshot()) {
      partition.apply(CLAIM, List.of(put("a", "changed"), delete("b"), put("c", "3")), at(5));
      partition.wipe(CLAIM);

      assertThat(before.position()).isEqualTo(at(2));
      assertThat(entries(before)).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
    }
    assertThat(content()).isEmpty();
  }

  @Test
  void agreesWithAMapAfterManyRandomBatches() {
    long seed = 20_260_101;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Map<String, String> expected = new TreeMap<>();
    for (int batch = 1; batch <= 200; batch++) {
      List<Change> changes = new ArrayList<>();
      Map<String, @Nullable String> wanted = new LinkedHashMap<>();
      for (int i = random.nextInt(20); i > 0; i--) {
        String name = "key" + random.nextInt(50);
        wanted.put(name, random.nextInt(3) == 0 ? null : "value" + random.nextInt());
      }
      wanted.forEach((name, value) -> {
        changes.add(value == null ? delete(name) : put(name, value));
        if (value == null) {
          expected.remove(name);
        } else {
          expected.put(name, value);
        }
      });
      partition.apply(CLAIM, changes, at(batch));
      if (batch % 50 == 0) {
        store.flush();
      }
    }
    assertThat(content()).as("seed %d", seed).isEqualTo(expected);
    assertThat(partition.position()).isEqualTo(at(200));
  }

  @Test
  void showsNothingOfALoadBeforeItIsApplied() {
    partition.apply(CLAIM, List.of(put("a", "1"), put("b", "1")), at(2));
    try (Load load = partition.load(CLAIM, 1_000)) {
      add(load, put("a", "2"));
      add(load, delete("b"));
      add(load, put("c", "3"));
      add(load, put("c", "4"));
      assertThat(content()).containsExactly(Map.entry("a", "1"), Map.entry("b", "1"));
      assertThat(partition.position()).isEqualTo(at(2));

      assertThat(load.apply(at(6))).isTrue();
      assertThat(content()).containsExactly(Map.entry("a", "2"), Map.entry("c", "4"));
      assertThat(partition.position()).isEqualTo(at(6));
      assertThat(load.isDue()).as("it holds nothing any more").isFalse();

      add(load, put("d", "5"));
    }
    assertThat(content()).as("closed before it was applied").doesNotContainKey("d");
    assertThat(partition.position()).isEqualTo(at(6));
  }

  @Test
  void appliesNoLoadUnderAClaimThatHasPassedOn() {
    try (Load load = partition.load(CLAIM, 1_000)) {
      add(load, put("a", "1"));
      partition.claim(CLAIM + 1);
      assertThat(load.apply(at(1))).isFalse();
    }
    assertThat(content()).isEmpty();
    assertThat(partition.position()).isEqualTo(Position.NOTHING);
  }

  @Test
  void agreesWithAMapAfterLoadsBetweenBatchesAndWipes() {
    long seed = 20_261_121;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Map<String, String> expected = new TreeMap<>();
    for (int step = 1; step <= 60; step++) {
      if (random.nextInt(12) == 0) {
        partition.wipe(CLAIM);
        expected.clear();
      }
      List<Change> changes = new ArrayList<>();
      for (int i = random.nextInt(40); i > 0; i--) {
        String name = "key" + random.nextInt(50);
        if (random.nextInt(3) == 0) {
          changes.add(delete(name));
          expected.remove(name);
        } else {
          changes.add(put(name, "value" + i));
          expected.put(name, "value" + i);
        }
      }
      if (random.nextBoolean()) {
        partition.apply(CLAIM, changes, at(step));
      } else {
        try (Load load = partition.load(CLAIM, 1_000)) {
          changes.forEach(change -> add(load, change));
          assertThat(load.apply(at(step))).isTrue();
        }
      }
      assertThat(content()).as("seed %d, step %d", seed, step).isEqualTo(expected);
      assertThat(partition.position()).isEqualTo(at(step));
    }
  }

  private static void add(Load load, Change change) {
    load.add(change.key().bytes(), change.value());
  }

  private Map<String, String> content() {
    try (StorePartition.Snapshot snapshot = partition.snapshot()) {
      return entries(snapshot);
    }
  }

  static Map<String, String> entries(StorePartition.Snapshot snapshot) {
    Map<String, String> entries = new LinkedHashMap<>();
    snapshot.forEach((key, value) -> {
      if (key[0] != StoreKeys.RESERVED) {
        entries.put(text(key).substring(1), text(value));
      }
    });
    return entries;
  }

  static Position at(long next) {
    return new Position(TOPIC, next, 10);
  }

  static Change put(String key, String value) {
    return new Change(key(key), bytes(value));
  }

  static Change delete(String key) {
    return new Change(key(key), null);
  }
}
