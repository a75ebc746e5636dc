package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.EventStream;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Take;
import dev.gretchen.engine.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams of several topics, filtered, under another key, and of topics that a pattern finds.
class StreamsTest {

  private static final Instant NOON = Instant.parse("2031-05-01T12:00:00Z");

  private final App app = App.named("pages");
  private final Topic<String, String> east = app.topic("east", Codecs.utf8(), Codecs.utf8());
  private final Topic<String, String> west = app.topic("west", Codecs.utf8(), Codecs.utf8());
  private final Topic<String, Long> counts = app.topic("counts", Codecs.utf8(), Codecs.int64());
  private final Table<String, Long> total =
      app.table("total", Codecs.utf8(), Codecs.int64(), () -> 0L);

  /// Counts what a stream brings, by its key, in a table behind it.
  private void count(EventStream<String, String> events) {
    app.agent(
            "count",
            events,
            event -> counts.send(event.key(), total.merge(event.key(), 1L, Long::sum)))
        .uses(total);
  }

  private Map<String, Long> totals(AppTester tester) {
    return new TreeMap<>(tester.table(total).entries());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void eventsOfAKeyMeetBehindAGroupByAndCountOnceThroughCrashes(long seed) {
    count(app.stream(east).groupBy("by-page", Codecs.utf8(), Event::value));
    try (AppTester tester = AppTester.of(app, seed)) {
      for (int i = 0; i < 60; i++) {
        tester.pipe("east", "user" + i, "page" + i % 4);
        if (i % 10 == 9) {
          tester.advance(Duration.ofMillis(seed * 3 + i)).crashAndRecover();
        }
      }
      tester.wipeAndRecover();
      assertThat(totals(tester))
          .isEqualTo(Map.of("page0", 15L, "page1", 15L, "page2", 15L, "page3", 15L));
    }
  }

  @Test
  void anEventKeepsItsValueItsTimeAndItsIdUnderAnotherKey() {
    Topic<String, String> out = app.topic("out", Codecs.utf8(), Codecs.utf8());
    app.agent(
        "copy",
        app.stream(east).groupBy("by-page", Codecs.utf8(), Event::value),
        event -> out.send(event.key(), event.value()));
    app.agent("use", west, _ -> {}).uses(total);
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe("west", "u", "v").pipe("east", "ann", "home", NOON);
      assertThat(tester.read(out))
          .singleElement()
          .satisfies(record -> {
            assertThat(record.key()).isEqualTo("home");
            assertThat(record.value()).isEqualTo("home");
            assertThat(record.timestamp()).isEqualTo(NOON);
            assertThat(ByteBuffer.wrap(record.header(Event.ID_HEADER)).getLong()).isEqualTo(2);
          });
    }
  }

  @Test
  void onlyWhatPassesTheFilterIsHandledBeforeAndBehindAGroupBy() {
    count(
        app.stream(east)
            .filter(event -> !event.value().startsWith("robot"))
            .filter(event -> event.hasKey())
            .groupBy("by-page", Codecs.utf8(), Event::value)
            .filter(event -> !event.key().equals("hidden")));
    try (AppTester tester = AppTester.of(app)) {
      tester
          .pipe("east", "ann", "home")
          .pipe("east", "bob", "robots.txt")
          .pipe("east", null, "home")
          .pipe("east", "cid", "hidden")
          .pipe("east", "dan", "home");
      assertThat(totals(tester)).isEqualTo(Map.of("home", 2L));
    }
  }

  @Test
  void aBatchHasOnlyWhatPassesTheFilter() {
    app.agent(
        "sizes",
        app.stream(east).filter(event -> !event.value().equals("no")),
        new Take(10, Duration.ofMillis(20)),
        batch -> batch.forEach(event -> counts.send(event.value(), (long) batch.size())));
    app.agent("use", west, _ -> {}).uses(total);
    try (AppTester tester = AppTester.of(app, TesterOptions.standard().withPartitions(1))) {
      tester.pipe("east", "a", "yes").pipe("east", "b", "no").pipe("east", "c", "yes");
      assertThat(tester.read(counts))
          .extracting(TestRecord::key, TestRecord::value)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("yes", 2L),
              org.assertj.core.groups.Tuple.tuple("yes", 2L));
      tester.pipe("east", "d", "no");
      assertThat(tester.read(counts)).as("nothing passes, nothing is handled").isEmpty();
    }
  }

  @Test
  void whatHasNoKeyByTheFunctionIsADeadLetterThatSaysSo() {
    count(
        app.stream(east)
            .groupBy(
                "by-page", Codecs.utf8(), event -> event.value().isEmpty() ? null : event.value()));
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe("east", "ann", "").pipe("east", "bob", "home");
      assertThat(totals(tester)).isEqualTo(Map.of("home", 1L));
      assertThat(tester.deadLetters())
          .singleElement()
          .satisfies(letter ->
              assertThat(letter.reason())
                  .contains("groupBy by-page")
                  .contains("filter such events out before"));
    }
  }

  @Test
  void severalTopicsAreOneStreamAndHaveATableBehindOneTopic() {
    count(app.stream(east, west).through("all"));
    try (AppTester tester = AppTester.of(app)) {
      for (int i = 0; i < 10; i++) {
        tester.pipe(i % 2 == 0 ? "east" : "west", "k" + i % 5, "v");
      }
      assertThat(totals(tester)).hasSize(5).allSatisfy((_, n) -> assertThat(n).isEqualTo(2));
    }
  }

  @Test
  void anAgentReadsSeveralTopicsEachInItsOrder() {
    app.agent("tell", app.stream(east, west), event -> counts.send(event.topic(), event.offset()));
    Topic<String, String> other = app.topic("other", Codecs.utf8(), Codecs.utf8());
    app.agent("use", other, _ -> {}).uses(total);
    try (AppTester tester = AppTester.of(app, TesterOptions.standard().withPartitions(1))) {
      for (int i = 0; i < 4; i++) {
        tester.pipe("east", "k", "v").pipe("west", "k", "v");
      }
      Map<String, String> offsets =
          tester.read(counts).stream()
              .collect(
                  Collectors.groupingBy(
                      TestRecord::key,
                      Collectors.mapping(
                          record -> Long.toString(record.value()), Collectors.joining(","))));
      assertThat(offsets).isEqualTo(Map.of("east", "0,1,2,3", "west", "0,1,2,3"));
    }
  }

  /// The agent behind a groupBy takes the events as the other agents of their topic do.
  @Test
  void aGroupByStandsBesideAgentsThatTakeManyOrSeveralAtATime() {
    app.agent("slow", east, event -> event.sleep(Duration.ofMillis(20))).concurrency(8);
    app.agent("batch", west, new Take(5, Duration.ofMillis(10)), _ -> {});
    count(
        app.stream(east, west)
            .groupBy("by-page", Codecs.utf8(), Event::value)
            .groupBy("again", Codecs.utf8(), Event::key));
    try (AppTester tester = AppTester.of(app)) {
      for (int i = 0; i < 30; i++) {
        tester.pipe("east", "e" + i, "home").pipe("west", "w" + i, "home");
        if (i == 20) {
          tester.advance(Duration.ofMillis(25)).crashAndRecover();
        }
      }
      assertThat(totals(tester)).isEqualTo(Map.of("home", 60L));
    }
  }

  @Test
  void findsTopicsByTheirPatternAlsoThoseThatComeLater() {
    app.agent(
        "tell",
        app.topics("nyc.*.chat", Codecs.utf8(), Codecs.utf8()),
        event -> counts.send(event.topic(), 1L));
    app.agent("use", west, _ -> {}).uses(total);
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe("nyc.soho.chat", "ann", "hi");
      assertThat(tester.read(counts)).extracting(TestRecord::key).containsExactly("nyc.soho.chat");

      tester.pipe("nyc.harlem.chat", "bob", "hi").pipe("nyc.soho.chat", "cid", "hi");
      assertThat(tester.read(counts))
          .extracting(TestRecord::key)
          .containsExactlyInAnyOrder("nyc.harlem.chat", "nyc.soho.chat");
      tester.restart().pipe("nyc.harlem.chat", "dan", "hi");
      assertThat(tester.read(counts)).hasSize(1);

      assertThatThrownBy(() -> tester.pipe("nyc.chat", "ann", "hi"))
          .hasMessageContaining("declares no topic nyc.chat");
    }
  }

  @Test
  void countsOverTopicsThatAreFoundThroughCrashes() {
    count(
        app.topics("log.**", Codecs.utf8(), Codecs.utf8())
            .groupBy("by-page", Codecs.utf8(), Event::value, 4));
    try (AppTester tester = AppTester.of(app)) {
      for (int i = 0; i < 40; i++) {
        tester.pipe("log.level" + i % 3 + ".of" + i % 2, "user" + i, "page" + i % 2);
        if (i % 8 == 7) {
          tester.advance(Duration.ofMillis(900 + i)).crashAndRecover();
        }
      }
      assertThat(totals(tester)).isEqualTo(Map.of("page0", 20L, "page1", 20L));
    }
  }

  @Test
  void aTopicBetweenWithoutSourcesHasToBeToldItsPartitions() {
    count(
        app.topics("log.*", Codecs.utf8(), Codecs.utf8())
            .groupBy("by-page", Codecs.utf8(), Event::value));
    assertThatThrownBy(() -> AppTester.of(app).close())
        .hasMessageContaining("pages-by-page-repartition")
        .hasMessageContaining("no topic matches the pattern yet");
  }
}
