package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Agent;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.GlobalTable;
import dev.gretchen.engine.Join;
import dev.gretchen.engine.JoinHandler;
import dev.gretchen.engine.JoinWindow;
import dev.gretchen.engine.Joined;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Joins as an app has them: of streams, of a stream and a table, of two tables.
class JoinsTest {

  private static final TesterOptions ONE_PARTITION = TesterOptions.standard().withPartitions(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Instant NOON = Instant.parse("2031-05-01T12:00:00Z");

  private final App app = App.named("shop");
  private final Topic<String, String> searches =
      app.topic("searches", Codecs.utf8(), Codecs.utf8());
  private final Topic<String, Long> clicks = app.topic("clicks", Codecs.utf8(), Codecs.int64());
  private final Topic<String, String> results = app.topic("results", Codecs.utf8(), Codecs.utf8());
  private final Topic<String, byte[]> late = app.topic("late", Codecs.utf8(), Codecs.bytes());

  private Join<String, String, Long> found(JoinWindow window) {
    return app.join("found", searches, clicks, window);
  }

  private void tell(Joined<String, String, Long> joined) {
    results.send(joined.key(), text(joined));
  }

  private static String text(Joined<String, String, Long> joined) {
    return (joined.hasLeft() ? joined.left() : "-")
        + "+"
        + (joined.hasRight() ? Long.toString(joined.right()) : "-");
  }

  private List<String> told(AppTester tester) {
    return tester.read(results).stream()
        .map(record -> record.key() + ":" + record.value())
        .toList();
  }

  private static Instant at(long second) {
    return NOON.plusSeconds(second);
  }

  /// The example of the guide.
  @Test
  void aSearchIsToldItsClicksOrThatThereWereNone() {
    app.join(
            "found",
            searches,
            clicks,
            JoinWindow.between(Duration.ZERO, Duration.ofMinutes(5)).grace(Duration.ofSeconds(30)))
        .lateTo(late)
        .left(found ->
            results.send(
                found.key(), found.left() + ": " + (found.hasRight() ? found.right() : "nothing")));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester
          .pipe(searches, "ann", "boots", at(0))
          .pipe(searches, "bob", "hats", at(1))
          .pipe(clicks, "ann", 7L, at(20))
          .pipe(clicks, "ann", 8L, at(10)) // out of order
          .pipe(clicks, "eve", 1L, at(60 * 5 + 30));
      assertThat(told(tester)).containsExactlyInAnyOrder("ann:boots: 7", "ann:boots: 8");

      tester.pipe(clicks, "eve", 2L, at(60 * 5 + 32));
      assertThat(told(tester)).containsExactly("bob:hats: nothing");
    }
  }

  @Test
  void whatIsSentHasTheTimeOfTheLaterEventAndTheIdOfTheOneThatCameSecond() {
    found(JoinWindow.within(SECOND.multipliedBy(10)).grace(SECOND)).outer(this::tell);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      List<TestRecord<String, String>> records = new ArrayList<>();
      records.addAll(tester.pipe(searches, "k", "s", at(8)).read(results));
      records.addAll(tester.pipe(clicks, "k", 1L, at(3)).read(results));
      records.addAll(tester.pipe(searches, "k", "far", at(30)).read(results));
      records.addAll(tester.pipe(clicks, "k", 2L, at(60)).read(results));
      records.addAll(tester.pipe(searches, "other", "s", at(100)).read(results));

      assertThat(records).extracting(TestRecord::value).containsExactly("s+1", "far+-", "-+2");
      assertThat(records).extracting(TestRecord::timestamp).containsExactly(at(8), at(30), at(60));
      assertThat(records)
          .extracting(record -> ByteBuffer.wrap(record.header(Event.ID_HEADER)).getLong())
          .as("of who was alone its own")
          .containsExactly(2L, 3L, 4L);
    }
  }

  @Test
  void whatIsLateGoesToItsTopicAsItCameAndSaysItsSide() {
    found(JoinWindow.within(SECOND)).lateTo(late).outer(this::tell);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe(clicks, "k", 1L, at(9)).pipe(clicks, "k", 2L, at(8));

      assertThat(tester.read(late))
          .singleElement()
          .satisfies(record -> {
            assertThat(record.key()).isEqualTo("k");
            assertThat(record.value()).isEqualTo(Codecs.int64().encode(2L));
            assertThat(record.timestamp()).isEqualTo(at(8));
            assertThat(header(record, "gretchen-join-side")).isEqualTo("right");
            assertThat(header(record, "gretchen-late-table")).isEqualTo("found");
            assertThat(header(record, "gretchen-late-windows"))
                .isEqualTo(Long.toString(at(8).toEpochMilli()));
          });
    }
  }

  @Test
  void aHandlerChangesTablesWithThePairAndWhoIsAlone() {
    Table<String, Long> pairs = app.table("pairs", Codecs.utf8(), Codecs.int64(), () -> 0L);
    found(JoinWindow.within(SECOND))
        .left(joined -> pairs.merge(joined.key(), joined.hasRight() ? 1L : 100L, Long::sum))
        .uses(pairs);
    try (AppTester tester = AppTester.of(app)) {
      for (int second = 0; second < 2; second++) {
        for (int i = 0; i < 10; i++) {
          tester.pipe(searches, "k" + i, "s", at(second));
        }
      }
      for (int second : new int[] {2, 60}) {
        for (int i = 0; i < 10; i++) {
          tester.pipe(clicks, "k" + i, 1L, at(second));
        }
      }
      tester.wipeAndRecover();
      assertThat(tester.table(pairs).entries())
          .hasSize(10)
          .allSatisfy((_, sum) -> assertThat(sum).isEqualTo(101));
    }
  }

  @Test
  void eachPairAndEachLoneEventIsToldOnceWhereverTheWorkerDies() {
    found(JoinWindow.between(SECOND, SECOND.multipliedBy(3)).grace(SECOND.multipliedBy(4)))
        .outer(this::tell);
    Random random = new Random(5);
    List<String> left = new ArrayList<>();
    Map<String, Long> times = new HashMap<>();
    List<Long> right = new ArrayList<>();
    try (AppTester tester = AppTester.of(app)) {
      for (int i = 0; i < 120; i++) {
        long millis = i * 600L + random.nextInt(3_000);
        String key = "k" + i % 5;
        if (random.nextBoolean()) {
          left.add(key + ":s" + i);
          times.put(key + ":s" + i, millis);
          tester.pipe(searches, key, "s" + i, NOON.plusMillis(millis));
        } else {
          right.add((long) i);
          times.put(Integer.toString(i), millis);
          tester.pipe(clicks, key, (long) i, NOON.plusMillis(millis));
        }
        tester.advance(Duration.ofMillis(random.nextInt(40)));
        if (i % 12 == 11) {
          if (i % 24 == 11) {
            tester.crashAndRecover();
          } else {
            tester.wipeAndRecover();
          }
        }
      }
      for (int i = 0; i < 40; i++) {
        tester.pipe(searches, "l" + i, "end", at(100_000)).pipe(clicks, "r" + i, -1L, at(100_000));
      }
      assertThat(told(tester)).containsExactlyInAnyOrderElementsOf(truth(left, right, times));
    }
  }

  private static List<String> truth(List<String> left, List<Long> right, Map<String, Long> times) {
    List<String> truth = new ArrayList<>();
    for (String l : left) {
      long at = times.getOrDefault(l, 0L);
      List<Long> met =
          right.stream()
              .filter(r -> l.startsWith("k" + r % 5))
              .filter(r -> {
                long time = times.getOrDefault(Long.toString(r), 0L);
                return at - 1_000 <= time && time <= at + 3_000;
              })
              .toList();
      met.forEach(r -> truth.add(l + "+" + r));
      if (met.isEmpty()) {
        truth.add(l + "+-");
      }
    }
    for (long r : right) {
      if (truth.stream().noneMatch(each -> each.endsWith("+" + r))) {
        truth.add("k" + r % 5 + ":-+" + r);
      }
    }
    return truth;
  }

  @Test
  void streamsUnderAnotherKeyAndOfSeveralTopicsAreJoined() {
    Topic<String, String> more = app.topic("more", Codecs.utf8(), Codecs.utf8());
    Topic<Long, String> byNumber = app.topic("by-number", Codecs.int64(), Codecs.utf8());
    app.join(
            "found",
            app.stream(searches, more).filter(search -> !search.value().equals("robots")),
            app.stream(byNumber).groupBy("by-word", Codecs.utf8(), Event::value),
            JoinWindow.within(SECOND))
        .inner(pair -> results.send(pair.key(), pair.left() + "+" + pair.right()));
    try (AppTester tester = AppTester.of(app)) {
      tester
          .pipe(searches, "k", "a", at(0))
          .pipe(more, "k", "b", at(0))
          .pipe(searches, "k", "robots", at(0))
          .pipe(byNumber, 5L, "k", at(0));

      assertThat(told(tester)).containsExactlyInAnyOrder("k:a+k", "k:b+k");
    }
  }

  /// Keys are the same by what they are, not by how a topic writes them.
  @Test
  void keysMeetHoweverTheirTopicsWriteThem() {
    Topic<String, String> json = app.topic("json", Codecs.json(String.class), Codecs.utf8());
    app.join("both", searches, json, JoinWindow.within(SECOND))
        .inner(pair -> results.send(pair.key(), pair.left() + "+" + pair.right()));
    try (AppTester tester = AppTester.of(app)) {
      for (int i = 0; i < 8; i++) {
        tester.pipe(searches, "k" + i, "a", at(0)).pipe(json, "k" + i, "b", at(0));
      }
      assertThat(told(tester)).hasSize(8).allMatch(each -> each.endsWith(":a+b"));
    }
  }

  @Test
  void aTopicIsJoinedWithItself() {
    app.join("pairs", searches, searches, JoinWindow.between(Duration.ZERO, SECOND))
        .inner(pair -> results.send(pair.key(), pair.left() + "+" + pair.right()));
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe(searches, "k", "a", at(0)).pipe(searches, "k", "b", at(1));

      assertThat(told(tester)).containsExactlyInAnyOrder("k:a+a", "k:a+b", "k:b+b");
    }
  }

  @Test
  void whatHasNoKeyOrIsATombstoneInAStreamIsADeadLetterThatSaysSo() {
    found(JoinWindow.within(SECOND)).outer(this::tell);
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe("searches", null, "s").pipe("clicks", "k", null);

      assertThat(tester.deadLetters())
          .extracting(DeadLetteredEvent::reason)
          .anyMatch(reason -> reason.contains("join found:") && reason.contains("has no key"))
          .anyMatch(reason -> reason.contains("is a tombstone, and in a stream"))
          .hasSize(2);
    }
  }

  @Test
  void whoIsAloneAndFailsForGoodIsADeadLetterWithItsValueAndIsLetGo() {
    found(JoinWindow.within(SECOND))
        .left(_ -> {
          throw new IllegalStateException("nobody listens");
        })
        .onFailure(new FailurePolicy.DeadLetter(1, Duration.ofMillis(1)));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      assertThat(told(tester.pipe(searches, "k", "alone", at(1)))).isEmpty();
      tester.pipe(clicks, "l", 1L, at(9));

      assertThat(tester.deadLetters())
          .singleElement()
          .satisfies(letter -> {
            assertThat(letter.value()).isEqualTo("alone".getBytes(StandardCharsets.UTF_8));
            assertThat(letter.reason()).contains("table found", "nobody listens");
          });
      tester.crashAndRecover().pipe(clicks, "l", 1L, at(99));
      assertThat(tester.deadLetters()).isEmpty();
    }
  }

  /// The example of the guide.
  @Test
  void anEventMeetsTheRowThatItsKeyHasThen() {
    Topic<String, Long> prices = app.topic("prices", Codecs.utf8(), Codecs.int64());
    app.joinTable("priced", searches, prices)
        .left(order ->
            results.send(
                order.key(), order.left() + ": " + (order.hasRight() ? order.right() : "unknown")));
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe(searches, "boots", "o1", at(9));
      assertThat(told(tester)).containsExactly("boots:o1: unknown");
      tester.pipe(prices, "boots", 5L, at(5)).pipe(prices, "hats", 3L, at(5));
      assertThat(told(tester)).as("a row is no event").isEmpty();
      tester.wipeAndRecover().pipe(searches, "boots", "o2", at(1)).pipe(searches, "hats", "o3");
      assertThat(told(tester)).containsExactlyInAnyOrder("boots:o2: 5", "hats:o3: 3");
      tester.pipe("prices", "boots", null);
      assertThat(told(tester)).isEmpty();
      assertThat(tester.<String, Long>table("priced").entries()).isEqualTo(Map.of("hats", 3L));
      tester.pipe(searches, "boots", "o4", at(12));
      assertThat(tester.read(results))
          .singleElement()
          .satisfies(record -> {
            assertThat(record.value()).isEqualTo("o4: unknown");
            assertThat(record.timestamp()).isEqualTo(at(12));
          });
    }
  }

  @Test
  void anInnerJoinWithATableLeavesOutWhatHasNoRow() {
    app.joinTable("priced", searches, clicks).inner(this::tell);
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe(searches, "a", "s", at(0)).pipe(searches, "b", "s", at(0));
      assertThat(told(tester)).isEmpty();
      tester.pipe(clicks, "a", 1L);
      assertThat(told(tester)).isEmpty();
      tester.pipe(searches, "a", "s", at(0)).pipe(searches, "b", "s", at(0));
      assertThat(told(tester)).containsExactly("a:s+1");
    }
  }

  /// What is in the guide beside it: no hop, and complete before the first event.
  @Test
  void aGlobalTableIsReadInAHandlerInstead() {
    Topic<String, Long> prices = app.topic("prices", Codecs.utf8(), Codecs.int64());
    GlobalTable<String, Long> everywhere = app.globalTable("everywhere", prices);
    app.agent(
        "price",
        searches,
        order ->
            results.send(
                order.key(),
                everywhere.get(order.key()).map(price -> Long.toString(price)).orElse("unknown")));
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe(prices, "boots", 5L).advance(SECOND).pipe(searches, "boots", "o1");
      assertThat(told(tester)).containsExactly("boots:5");
    }
  }

  private void joinTables(
      BiConsumer<Join<String, String, Long>, JoinHandler<String, String, Long>> kind) {
    kind.accept(
        app.joinTables("profile", searches, clicks),
        row -> {
          if (row.isGone()) {
            results.sendTombstone(row.key());
          } else {
            results.send(row.key(), text(row));
          }
        });
  }

  private List<String> rows(AppTester tester) {
    List<String> rows = new ArrayList<>();
    for (TestRecord<String, String> record : tester.read(results)) {
      rows.add(record.isTombstone() ? "gone" : record.value());
    }
    return rows;
  }

  /// Each change by itself, so that there is one order.
  private List<String> afterEach(AppTester tester) {
    List<String> rows = new ArrayList<>();
    for (Object[] change :
        new Object[][] {{"searches", "a"}, {"clicks", 1L}, {"clicks", 2L}, {"searches", "b"}}) {
      tester.pipe((String) change[0], "k", change[1]);
      rows.addAll(rows(tester));
    }
    tester.crashAndRecover().pipe("searches", "k", null);
    rows.addAll(rows(tester));
    tester.pipe("clicks", "k", null);
    rows.addAll(rows(tester));
    tester.pipe("clicks", "k", null);
    rows.addAll(rows(tester));
    return rows;
  }

  @Test
  void anInnerJoinOfTablesHasTheRowsOfBothAndSaysWhenOneIsGone() {
    joinTables(Join::inner);
    try (AppTester tester = AppTester.of(app)) {
      assertThat(afterEach(tester)).containsExactly("a+1", "a+2", "b+2", "gone");
    }
  }

  @Test
  void aLeftJoinOfTablesHasARowForEachOnTheLeft() {
    joinTables(Join::left);
    try (AppTester tester = AppTester.of(app)) {
      assertThat(afterEach(tester)).containsExactly("a+-", "a+1", "a+2", "b+2", "gone");
    }
  }

  @Test
  void anOuterJoinOfTablesHasARowForEachOnEitherSide() {
    joinTables(Join::outer);
    try (AppTester tester = AppTester.of(app)) {
      assertThat(afterEach(tester)).containsExactly("a+-", "a+1", "a+2", "b+2", "-+2", "gone");
    }
  }

  /// Whatever comes when: in the end each key's row is that of both topics' last values.
  @Test
  void noUpdateOfEitherTableIsLostThroughCrashes() {
    joinTables(Join::outer);
    Random random = new Random(9);
    Map<String, String> left = new HashMap<>();
    Map<String, Long> right = new HashMap<>();
    Map<String, @Nullable String> last = new HashMap<>();
    try (AppTester tester = AppTester.of(app)) {
      for (int i = 0; i < 100; i++) {
        String key = "k" + random.nextInt(6);
        boolean deletes = random.nextInt(4) == 0;
        if (random.nextBoolean()) {
          tester.pipe("searches", key, deletes ? null : "s" + i);
          if (deletes) {
            left.remove(key);
          } else {
            left.put(key, "s" + i);
          }
        } else {
          tester.pipe("clicks", key, deletes ? null : Long.valueOf(i));
          if (deletes) {
            right.remove(key);
          } else {
            right.put(key, (long) i);
          }
        }
        if (i % 20 == 13) {
          tester.advance(Duration.ofMillis(i)).crashAndRecover();
        }
      }
      for (TestRecord<String, String> record : tester.read(results)) {
        last.put(record.key(), record.isTombstone() ? null : record.value());
      }
    }
    for (int i = 0; i < 6; i++) {
      String key = "k" + i;
      String l = left.get(key);
      Long r = right.get(key);
      assertThat(last.get(key))
          .as(key)
          .isEqualTo(
              l == null && r == null
                  ? null
                  : (l == null ? "-" : l) + "+" + (r == null ? "-" : Long.toString(r)));
    }
  }

  @Test
  void misuseIsRefusedAndSaysWhatToDo() {
    JoinWindow window = JoinWindow.within(SECOND);
    Join<String, String, Long> withTable = app.joinTable("priced", searches, clicks);
    assertThatThrownBy(() -> withTable.outer(this::tell))
        .hasMessageContaining("join priced: a row of a table that no event asks for is no event");
    assertThatThrownBy(() -> withTable.lateTo(late))
        .hasMessageContaining("join priced is with a table")
        .hasMessageContaining("leave out lateTo(...)");
    assertThatThrownBy(app::topology)
        .hasMessageContaining("join priced has no handler")
        .hasMessageContaining("end it with inner(...), left(...) or outer(...)");
    withTable.inner(this::tell);
    assertThatThrownBy(() -> withTable.left(this::tell))
        .hasMessageContaining("join priced has a handler already");
    assertThatThrownBy(() -> found(JoinWindow.within(SECOND.negated())))
        .hasMessageContaining("join found: what lies between events that meet")
        .hasMessageContaining("not negative");
    assertThatThrownBy(() -> found(window.grace(Duration.ofNanos(1))))
        .hasMessageContaining(
            "join found: the grace is in whole milliseconds, found PT0.000000001S");
    assertThatThrownBy(() -> found(window.idleAfter(Duration.ofNanos(1))))
        .hasMessageContaining("the time of an idle side is in whole milliseconds");
    Topic<String, String> foreign =
        App.named("other").topic("elsewhere", Codecs.utf8(), Codecs.utf8());
    assertThatThrownBy(() -> app.join("far", foreign, clicks, window))
        .hasMessageContaining("topic elsewhere is not one of app shop");
    Join<String, String, Long> found = found(window);
    assertThatThrownBy(() -> found.lateTo(foreign))
        .hasMessageContaining("topic elsewhere is not one of app shop");
    Agent<?, ?> agent = found.inner(this::tell);
    agent.concurrency(2);
    assertThatThrownBy(app::topology)
        .hasMessageContaining("join found takes the events of both sides one after another")
        .hasMessageContaining("leave its concurrency at 1");
  }

  /// What joins are for, said by the error of who tried it without.
  @Test
  void aTableUnderAgentsOfTwoTopicsIsRefusedAndPointsHere() {
    Table<String, Long> shared = app.table("shared", Codecs.utf8(), Codecs.int64(), () -> 0L);
    app.agent("a", searches, _ -> {}).uses(shared);
    app.agent("b", clicks, _ -> {}).uses(shared);
    assertThatThrownBy(app::topology)
        .hasMessageContaining("table shared is used by agents on several topics")
        .hasMessageContaining("app.join(...)");
  }

  private static String header(TestRecord<?, ?> record, String name) {
    byte @Nullable [] value = record.header(name);
    return value == null ? "" : new String(value, StandardCharsets.UTF_8);
  }
}
