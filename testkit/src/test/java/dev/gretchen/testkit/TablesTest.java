package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.SetTable;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.TableEntry;
import dev.gretchen.engine.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scans, sets, keys that expire, and what follows a recovery.
class TablesTest {

  private static final TesterOptions ONE_PARTITION = TesterOptions.standard().withPartitions(1);
  private static final FailurePolicy AT_ONCE = new FailurePolicy.DeadLetter(0, Duration.ZERO);

  private final App app = App.named("tables");
  private final Topic<String, String> in = app.topic("in", Codecs.utf8(), Codecs.utf8());
  private final Topic<String, String> out = app.topic("out", Codecs.utf8(), Codecs.utf8());

  private static String shown(List<TableEntry<String, String>> entries) {
    return String.join(
        " ", entries.stream().map(entry -> entry.key() + "=" + entry.value()).toList());
  }

  private static List<String> sent(AppTester tester) {
    return tester.<String, String>read("out").stream().map(TestRecord::value).toList();
  }

  /// Against a map that is always right: written by this event, by earlier ones, in the store, and
  /// deleted in any of these.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aScanSeesWhatTheEventAndThoseBeforeItHaveWrittenInOrderOfKeys(long seed) {
    Table<String, String> table = app.table("t", Codecs.utf8(), Codecs.utf8(), () -> "");
    app.agent(
            "agent",
            in,
            event -> {
              String[] words = event.value().split(" ");
              if (words[0].equals("put")) {
                table.put(words[1], words[2]);
              } else {
                table.remove(words[1]);
              }
              out.send("k", shown(table.prefix(words[1].substring(0, 1), 4)));
              out.send("k", shown(table.range("b", "d", 100)));
            })
        .uses(table);
    Random random = new Random(seed);
    TreeMap<String, String> model = new TreeMap<>();
    List<String> expected = new ArrayList<>();
    try (AppTester tester =
        AppTester.of(app, TesterOptions.standard().withPartitions(1).withSeed(seed))) {
      for (int i = 0; i < 200; i++) {
        String key = "" + (char) ('a' + random.nextInt(5)) + random.nextInt(12);
        boolean puts = random.nextInt(3) > 0;
        tester.pipe("in", key, puts ? "put " + key + " " + i : "remove " + key);
        if (puts) {
          model.put(key, "" + i);
        } else {
          model.remove(key);
        }
        expected.add(shown(model, key.substring(0, 1), key.charAt(0) + "\uffff", 4));
        expected.add(shown(model, "b", "d", 100));
        switch (random.nextInt(12)) {
          case 0 -> tester.advance(Duration.ofMillis(random.nextInt(200)));
          case 1 -> tester.advance(Duration.ofMillis(random.nextInt(30))).crashAndRecover();
          default -> {}
        }
      }
      assertThat(sent(tester)).isEqualTo(expected);
    }
  }

  private static String shown(
      NavigableMap<String, String> model, String from, String to, int limit) {
    return String.join(
        " ",
        model.subMap(from, to).entrySet().stream()
            .limit(limit)
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList());
  }

  @Test
  void anAttemptThatFailedLeavesNothingInTheNextOnesScan() {
    Table<String, String> table = app.table("t", Codecs.utf8(), Codecs.utf8(), () -> "");
    List<String> seen = new ArrayList<>();
    app.agent(
            "agent",
            in,
            event -> {
              seen.add(shown(table.prefix("", 10)));
              table.put("x" + event.value(), event.value());
              table.remove("x1");
              if (seen.size() == 2) {
                throw new IllegalStateException("once");
              }
            })
        .uses(table)
        .onFailure(new FailurePolicy.DeadLetter(1, Duration.ofMillis(1)));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("in", "k", "2").pipe("in", "k", "3");
      assertThat(tester.<String, String>table("t").entries()).hasSize(2);
      assertThat(seen).containsExactly("", "x2=2", "x2=2");
    }
  }

  @Test
  void aRangeWithoutKeysIsEmptyAndALimitHasBounds() {
    Table<String, String> table = app.table("t", Codecs.utf8(), Codecs.utf8(), () -> "");
    app.agent(
            "agent",
            in,
            event -> {
              table.put("c", "1");
              assertThat(table.range("d", "b", 5)).isEmpty();
              assertThat(table.range("c", "c", 5)).isEmpty();
              table.range("a", "z", Integer.parseInt(event.value()));
            })
        .uses(table)
        .onFailure(AT_ONCE);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("in", "k", "1").pipe("in", "k", "0").pipe("in", "k", "100001");
      assertThat(tester.deadLetters())
          .hasSize(2)
          .allSatisfy(
              letter -> assertThat(letter.reason()).contains("a scan gives 1 to 100000 entries"));
    }
  }

  @Test
  void aScanBesideOtherLanesIsRefusedAndSaysWhatToDo() {
    Table<String, String> table = app.table("t", Codecs.utf8(), Codecs.utf8(), () -> "");
    app.agent("agent", in, event -> table.prefix(event.key(), 10))
        .uses(table)
        .concurrency(4)
        .onFailure(AT_ONCE);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("in", "k", "v");
      assertThat(tester.deadLetters())
          .singleElement()
          .satisfies(
              letter -> assertThat(letter.reason()).contains("table t").contains("concurrency(1)"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6})
  void aSetHoldsWhatWasAddedAndNotRemovedAlsoBesideOtherLanes(int concurrency) {
    SetTable<String, String> tags = app.setTable("tags", Codecs.utf8(), Codecs.utf8());
    app.agent(
            "agent",
            in,
            event -> {
              String element = event.value().substring(1);
              boolean changed =
                  event.value().startsWith("+")
                      ? tags.add(event.key(), element)
                      : tags.remove(event.key(), element);
              out.send(
                  event.key(), changed + " " + String.join(",", tags.elements(event.key(), 100)));
              assertThat(tags.contains(event.key(), element))
                  .isEqualTo(event.value().startsWith("+"));
            })
        .uses(tags)
        .concurrency(concurrency);
    Random random = new Random(concurrency);
    Map<String, TreeSet<String>> model = new TreeMap<>();
    Map<String, List<String>> expected = new HashMap<>();
    try (AppTester tester = AppTester.of(app)) {
      for (int i = 0; i < 150; i++) {
        // keys of different lengths, one the beginning of another
        String key = "k".repeat(1 + random.nextInt(3));
        String element = "e" + random.nextInt(6);
        boolean adds = random.nextInt(5) > 1;
        TreeSet<String> set = model.computeIfAbsent(key, _ -> new TreeSet<>());
        boolean changed = adds ? set.add(element) : set.remove(element);
        tester.pipe("in", key, (adds ? "+" : "-") + element);
        expected
            .computeIfAbsent(key, _ -> new ArrayList<>())
            .add(changed + " " + String.join(",", set));
        if (random.nextInt(15) == 0) {
          tester.advance(Duration.ofMillis(random.nextInt(40))).crashAndRecover();
        }
      }
      Map<String, List<String>> sent = new HashMap<>();
      tester
          .<String, String>read("out")
          .forEach(record ->
              sent.computeIfAbsent(record.key(), _ -> new ArrayList<>()).add(record.value()));
      assertThat(sent).isEqualTo(expected);
      assertThat(tester.table(tags).entries().keySet())
          .hasSize(model.values().stream().mapToInt(TreeSet::size).sum());
    }
  }

  @Test
  void aKeyExpiresWhenItWasNotWrittenForItsTimeAndLeavesStoreAndChangelog() {
    Table<String, Long> seen =
        app.table("seen", Codecs.utf8(), Codecs.int64(), () -> 0L)
            .expireAfter(Duration.ofMinutes(10));
    app.agent(
            "agent",
            in,
            event ->
                out.send(
                    event.key(),
                    event.value().equals("look")
                        ? seen.get(event.key()).map(String::valueOf).orElse("none")
                        : "" + seen.merge(event.key(), 1L, Long::sum)))
        .uses(seen);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      java.time.Instant start = tester.now();
      tester.pipe("in", "a", "write", start);
      tester.pipe("in", "b", "write", start.plus(Duration.ofMinutes(6)));
      tester.pipe("in", "a", "look", start.plus(Duration.ofMinutes(10)).minusMillis(1));
      assertThat(sent(tester)).containsExactly("1", "1", "1");

      tester.pipe("in", "a", "look", start.plus(Duration.ofMinutes(10)));
      tester.crashAndRecover();
      tester.pipe("in", "a", "look", start);
      assertThat(sent(tester))
          .as("stream time survives, so an old event does not bring a key back")
          .containsExactly("none", "none");
      assertThat(tester.table(seen).entries()).isEqualTo(Map.of("b", 1L));

      tester.pipe("in", "a", "write", start.plus(Duration.ofMinutes(11)));
      tester.pipe("in", "b", "write", start.plus(Duration.ofMinutes(12)));
      assertThat(sent(tester)).as("anew, and on").containsExactly("1", "2");
      tester.wipeAndRecover();
      assertThat(tester.table(seen).entries()).isEqualTo(Map.of("a", 1L, "b", 2L));

      for (int i = 0; i < 5; i++) {
        tester.pipe("in", "c", "write", start.plus(Duration.ofMinutes(40 + i * 3)));
      }
      assertThat(tester.table(seen).entries()).isEqualTo(Map.of("c", 5L));
    }
  }

  /// Where events are handled beside one another, what has expired is looked for when one of them
  /// is complete: it may be the one that has just written the key anew.
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aKeyThatIsWrittenAnewWhenItsTimeIsOverStays(int concurrency) {
    Table<String, Long> seen =
        app.table("seen", Codecs.utf8(), Codecs.int64(), () -> 0L)
            .expireAfter(Duration.ofMinutes(10));
    app.agent("agent", in, event -> seen.merge(event.key(), 1L, Long::sum))
        .uses(seen)
        .concurrency(concurrency);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      java.time.Instant start = tester.now();
      tester.pipe("in", "a", "write", start).pipe("in", "b", "write", start);
      assertThat(tester.table(seen).entries()).isEqualTo(Map.of("a", 1L, "b", 1L));

      tester.pipe("in", "a", "write", start.plus(Duration.ofMinutes(10)));
      assertThat(tester.table(seen).entries()).isEqualTo(Map.of("a", 1L));
      tester.wipeAndRecover();
      assertThat(tester.table(seen).entries()).isEqualTo(Map.of("a", 1L));
    }
  }

  /// Against a map that knows when each key was written last: events in disorder, crashes at any
  /// moment, lost disks.
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aKeyCountsAnewOnceStreamTimeHasPassedItsLastWriteByItsLifetime(int concurrency) {
    long lifetime = 20_000;
    Table<String, Long> seen =
        app.table("seen", Codecs.utf8(), Codecs.int64(), () -> 0L)
            .expireAfter(Duration.ofMillis(lifetime));
    app.agent(
            "agent",
            in,
            event -> {
              event.sleep(Duration.ofMillis(event.offset() % 5 * 10));
              out.send(event.key(), "" + seen.merge(event.key(), 1L, Long::sum));
            })
        .uses(seen)
        .concurrency(concurrency);
    Random random = new Random(concurrency);
    Map<String, Long> counts = new HashMap<>();
    Map<String, Long> writtenAt = new HashMap<>();
    Map<String, List<String>> expected = new TreeMap<>();
    long streamTime = 0;
    int anew = 0;
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      for (int i = 0; i < 200; i++) {
        long time = i * 700L + random.nextInt(9_000);
        String key = "k" + random.nextInt(40);
        streamTime = Math.max(streamTime, time);
        if (writtenAt.getOrDefault(key, streamTime) + lifetime <= streamTime) {
          counts.remove(key);
          anew++;
        }
        long count = counts.merge(key, 1L, Long::sum);
        writtenAt.put(key, streamTime);
        expected.computeIfAbsent(key, _ -> new ArrayList<>()).add("" + count);
        tester.pipe("in", key, "write", java.time.Instant.ofEpochMilli(time));
        tester.advance(Duration.ofMillis(random.nextInt(40)));
        if (i % 40 == 19) {
          tester.crashAndRecover();
        } else if (i % 40 == 39) {
          tester.wipeAndRecover();
        }
      }
      Map<String, List<String>> sent = new TreeMap<>();
      tester
          .<String, String>read("out")
          .forEach(record ->
              sent.computeIfAbsent(record.key(), _ -> new ArrayList<>()).add(record.value()));
      assertThat(anew).as("some have expired").isGreaterThan(10);
      assertThat(sent).isEqualTo(expected);

      for (int i = 0; i < 8; i++) {
        tester.pipe("in", "end", "write", java.time.Instant.ofEpochMilli(500_000 + i * 5_000L));
      }
      assertThat(tester.table(seen).entries()).isEqualTo(Map.of("end", 8L));
    }
  }

  @Test
  void aScanPassesOverKeysWhoseTimeIsOver() {
    Table<String, Long> seen =
        app.table("seen", Codecs.utf8(), Codecs.int64(), () -> 0L)
            .expireAfter(Duration.ofMinutes(10));
    app.agent(
            "agent",
            in,
            event -> {
              seen.put(event.value(), 1L);
              out.send(
                  "k", String.join(",", seen.prefix("", 2).stream().map(TableEntry::key).toList()));
            })
        .uses(seen);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      for (int i = 0; i < 6; i++) {
        tester.pipe("in", "k", "v" + i, tester.now().plus(Duration.ofMinutes(4L * i)));
      }
      assertThat(sent(tester)).containsExactly("v0", "v0,v1", "v0,v1", "v1,v2", "v2,v3", "v3,v4");
    }
  }

  @Test
  void whatFollowsARecoverySeesTheWholePartitionBeforeItsFirstEvent() {
    Table<String, Long> total = app.table("total", Codecs.utf8(), Codecs.int64(), () -> 0L);
    Map<String, Long> index = new HashMap<>();
    List<Integer> told = new ArrayList<>();
    total.onRecovered((partition, contents) -> {
      told.add(partition);
      contents.forEach(index::put);
    });
    app.agent(
            "agent",
            in,
            event -> {
              assertThat(told).contains(event.partition());
              long before = index.getOrDefault(event.key(), 0L);
              assertThat(total.get(event.key()).orElse(0L)).isEqualTo(before);
              index.put(event.key(), total.merge(event.key(), 1L, Long::sum));
            })
        .uses(total)
        .onFailure(AT_ONCE);
    try (AppTester tester = AppTester.of(app)) {
      tester.advance(Duration.ofSeconds(1));
      assertThat(told).as("also where no event comes").containsExactlyInAnyOrder(0, 1, 2);
      for (int i = 0; i < 30; i++) {
        tester.pipe("in", "k" + i % 7, "v");
        if (i % 10 == 9) {
          tester.advance(Duration.ofMillis(i));
          index.clear();
          told.clear();
          if (i % 20 == 9) {
            tester.crashAndRecover();
          } else {
            tester.wipeAndRecover();
          }
        }
      }
      assertThat(tester.table(total).entries().values().stream().mapToLong(each -> each).sum())
          .isEqualTo(30);
    }
  }

  @Test
  void aWorkerStopsWhereWhatFollowsARecoveryFails() {
    Table<String, Long> total = app.table("total", Codecs.utf8(), Codecs.int64(), () -> 0L);
    total.onRecovered((_, _) -> {
      throw new IllegalStateException("no index");
    });
    app.agent("agent", in, _ -> {}).uses(total);
    assertThatThrownBy(
            () -> {
              try (AppTester tester = AppTester.of(app)) {
                tester.advance(Duration.ofSeconds(1));
              }
            })
        .hasMessageContaining("table total: what onRecovered(...) does has failed")
        .hasMessageContaining("no index");
  }
}
