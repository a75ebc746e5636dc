package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.SessionTable;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Tables of sessions: which events are together, what is late, and that each is closed once.
class SessionsTest {

  private static final TesterOptions ONE_PARTITION = TesterOptions.standard().withPartitions(1);

  private final App app = App.named("visits");
  private final Topic<String, String> views = app.topic("views", Codecs.utf8(), Codecs.utf8());
  private final Topic<String, String> told = app.topic("told", Codecs.utf8(), Codecs.utf8());
  private final Topic<String, String> late = app.topic("late", Codecs.utf8(), Codecs.utf8());

  /// Sessions end after 10 ms, and wait for late events so long.
  private SessionTable<String, String> visits(long retentionMillis) {
    return app.table("visits", Codecs.utf8(), Codecs.utf8(), () -> "")
        .sessions(Duration.ofMillis(10), String::concat)
        .retained(Duration.ofMillis(retentionMillis))
        .onClose(visit -> told.send(visit.key(), text(visit.window(), visit.value())))
        .lateTo(late);
  }

  private static String text(Window window, String value) {
    return window.start() + "-" + window.end() + " " + value;
  }

  @Test
  void eventsLessThanAGapApartAreOneSession() {
    SessionTable<String, String> visits = visits(1_000);
    app.agent("visit", views, view -> visits.merge(view.key(), view.value(), String::concat))
        .uses(visits);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      pipe(tester, "a", 100).pipe(views, "k", "b", at(109)).pipe(views, "k", "c", at(119));
      TestTable<String, String> table = tester.table(visits);
      assertThat(table.stretches("k"))
          .as("a gap after the one before is another session")
          .isEqualTo(Map.of(new Window(100, 119), "ab", new Window(119, 129), "c"));

      pipe(tester, "d", 89);
      assertThat(table.stretches("k"))
          .containsOnlyKeys(new Window(89, 99), new Window(100, 119), new Window(119, 129));
      assertThat(table.at("k", at(98))).contains("d");
      assertThat(table.at("k", at(99))).isEmpty();
    }
  }

  @Test
  void anEventBetweenSessionsUnitesThem() {
    SessionTable<String, String> visits = visits(1_000);
    app.agent(
            "visit",
            views,
            view -> {
              visits.merge(view.key(), view.value(), String::concat);
              told.send(
                  view.key(), visits.current(view.key()) + " of " + visits.open(view.key()).size());
            })
        .uses(visits);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      pipe(tester, "a", 100).pipe(views, "k", "b", at(115)).pipe(views, "k", "c", at(140));
      pipe(tester, "d", 107);

      assertThat(tester.table(visits).stretches("k"))
          .isEqualTo(Map.of(new Window(100, 125), "abd", new Window(140, 150), "c"));
      assertThat(tester.read(told))
          .extracting(TestRecord::value)
          .containsExactly(
              "Optional[a] of 1", "Optional[b] of 2", "Optional[c] of 3", "Optional[abd] of 2");
    }
  }

  @Test
  void aSessionClosesAGapAndTheRetentionAfterItsLastEventAndTakesNoMore() {
    SessionTable<String, String> visits = visits(5);
    app.agent("visit", views, view -> visits.merge(view.key(), view.value(), String::concat))
        .uses(visits);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      pipe(tester, "a", 100).pipe(views, "k", "b", at(105)).pipe(views, "other", "x", at(119));
      assertThat(tester.read(told)).isEmpty();

      tester.pipe(views, "other", "y", at(120));
      assertThat(tester.read(told)).extracting(TestRecord::value).containsExactly("100-115 ab");
      assertThat(tester.table(visits).stretches("k")).isEmpty();

      // one of its own would be open still: it begins a session, and does not revive the closed one
      pipe(tester, "c", 106);
      assertThat(tester.table(visits).stretches("k")).isEqualTo(Map.of(new Window(106, 116), "c"));
      // one of its own would have closed, but it touches an open one
      pipe(tester, "d", 104);
      assertThat(tester.table(visits).stretches("k")).isEqualTo(Map.of(new Window(104, 116), "cd"));
      pipe(tester, "e", 90);
      assertThat(tester.read(late)).extracting(TestRecord::value).containsExactly("e");
      assertThat(tester.table(visits).stretches("k")).hasSize(1);
    }
  }

  @Test
  void eachSessionIsClosedOnceWhereverTheWorkerDies() {
    SessionTable<String, String> visits = visits(8);
    app.agent("visit", views, view -> visits.merge(view.key(), view.value(), String::concat))
        .uses(visits);
    assertEachClosesOnce(visits);
  }

  @Test
  void eachSessionIsClosedOnceWhereEventsAreHandledBesideOneAnother() {
    SessionTable<String, String> visits = visits(8);
    app.agent(
            "visit",
            views,
            view -> {
              view.sleep(Duration.ofMillis(view.offset() % 5 * 7));
              visits.merge(view.key(), view.value(), String::concat);
            })
        .uses(visits)
        .concurrency(4);
    assertEachClosesOnce(visits);
  }

  private void assertEachClosesOnce(SessionTable<String, String> visits) {
    Random random = new Random(5);
    Model model = new Model(10, 8);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      for (int i = 0; i < 240; i++) {
        long time = 1_000 + i * 3L + random.nextInt(30);
        String key = "k" + random.nextInt(5);
        String value = Character.toString('a' + i % 26);
        model.event(key, time, value);
        tester.pipe(views, key, value, at(time));
        tester.advance(Duration.ofMillis(random.nextInt(30)));
        if (i % 16 == 15) {
          if (i % 32 == 15) {
            tester.crashAndRecover();
          } else {
            tester.wipeAndRecover();
          }
        }
      }
      tester.pipe(views, "end", "", at(100_000));
      model.event("end", 100_000, "");

      Map<String, List<String>> closed = new TreeMap<>();
      tester
          .read(told)
          .forEach(record ->
              closed.computeIfAbsent(record.key(), _ -> new ArrayList<>()).add(record.value()));
      assertThat(closed.values()).allSatisfy(each -> assertThat(each).hasSizeGreaterThan(3));
      closed.values().forEach(each -> each.sort(null));
      model.closed.values().forEach(each -> each.sort(null));
      assertThat(closed).isEqualTo(model.closed);
      assertThat(tester.read(late)).as("some were late").hasSize(model.late).isNotEmpty();
      assertThat(model.united).as("some were united").isPositive();
      for (String key : closed.keySet()) {
        assertThat(tester.table(visits).stretches(key)).isEmpty();
      }
    }
  }

  /// The definition, on lists.
  private static final class Model {

    private final long gap;
    private final long retention;
    private final Map<String, List<Visit>> open = new HashMap<>();
    private final Map<String, List<String>> closed = new TreeMap<>();
    private long streamTime = Long.MIN_VALUE;
    private int late;
    private int united;

    private record Visit(long start, long end, String value) {}

    Model(long gap, long retention) {
      this.gap = gap;
      this.retention = retention;
    }

    void event(String key, long time, String value) {
      streamTime = Math.max(streamTime, time);
      open.forEach((each, visits) ->
          visits.removeIf(visit -> {
            boolean ends = visit.end() + retention <= streamTime;
            if (ends) {
              closed
                  .computeIfAbsent(each, _ -> new ArrayList<>())
                  .add(text(new Window(visit.start(), visit.end()), visit.value()));
            }
            return ends;
          }));
      List<Visit> visits = open.computeIfAbsent(key, _ -> new ArrayList<>());
      List<Visit> touched =
          visits.stream()
              .filter(visit -> visit.start() < time + gap && time < visit.end())
              .sorted(Comparator.comparingLong(Visit::start))
              .toList();
      if (touched.isEmpty() && time + gap + retention <= streamTime) {
        late++;
        return;
      }
      united += touched.size() > 1 ? 1 : 0;
      visits.removeAll(touched);
      StringBuilder values = new StringBuilder();
      touched.forEach(visit -> values.append(visit.value()));
      long start = touched.stream().mapToLong(Visit::start).reduce(time, Math::min);
      long end = touched.stream().mapToLong(Visit::end).reduce(time + gap, Math::max);
      visits.add(new Visit(start, end, values + value));
    }
  }

  private AppTester pipe(AppTester tester, String value, long millis) {
    return tester.pipe(views, "k", value, at(millis));
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }
}
