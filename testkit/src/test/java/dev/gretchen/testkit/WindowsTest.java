package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Agent;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Take;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.WindowedTable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Tumbling and hopping windows: what counts where, what is late, and that each is closed once.
class WindowsTest {

  private static final TesterOptions ONE_PARTITION = TesterOptions.standard().withPartitions(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final App app = App.named("clicks");
  private final Topic<String, Long> clicks = app.topic("clicks", Codecs.utf8(), Codecs.int64());
  private final Topic<String, String> closed = app.topic("closed", Codecs.utf8(), Codecs.utf8());
  private final Topic<String, Long> late = app.topic("late", Codecs.utf8(), Codecs.int64());
  private final Table<String, Long> total =
      app.table("total", Codecs.utf8(), Codecs.int64(), () -> 0L);

  private Table<String, Long> sums() {
    return app.table("sums", Codecs.utf8(), Codecs.int64(), () -> 0L);
  }

  private Agent<String, Long> summing(WindowedTable<String, Long> sums) {
    return app.agent("sum", clicks, click -> sums.merge(click.key(), click.value(), Long::sum))
        .uses(sums)
        .uses(total);
  }

  @Test
  void anEventCountsInAllHoppingWindowsThatHoldIt() {
    WindowedTable<String, Long> sums =
        sums()
            .hopping(SECOND.multipliedBy(10), SECOND.multipliedBy(4))
            .retained(SECOND.multipliedBy(10));
    summing(sums);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe(clicks, "k", 1L, at(100)).pipe(clicks, "k", 2L, at(103));

      assertThat(tester.table(sums).windows("k"))
          .isEqualTo(Map.of(at(92), 1L, at(96), 3L, at(100), 3L));
      assertThat(tester.table(sums).at("k", at(99))).as("the last to begin").contains(3L);
    }
  }

  @Test
  void noWindowBeginsBefore1970() {
    WindowedTable<String, Long> sums =
        sums().hopping(SECOND.multipliedBy(10), SECOND.multipliedBy(4)).retained(SECOND);
    summing(sums);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe(clicks, "k", 1L, at(5));

      assertThat(tester.table(sums).windows("k")).isEqualTo(Map.of(at(0), 1L, at(4), 1L));
    }
  }

  @Test
  void readsTheWindowsOfNowOfTheEventAndBeforeIt() {
    WindowedTable<String, Long> daily =
        sums().tumbling(Duration.ofDays(1)).retained(Duration.ofDays(30));
    app.agent(
            "sum",
            clicks,
            click -> {
              daily.merge(click.key(), click.value(), Long::sum);
              long day = Duration.ofDays(1).toMillis();
              closed.send(
                  click.key(),
                  daily.current(click.key())
                      + " "
                      + daily.now(click.key())
                      + " "
                      + daily.delta(click.key(), Duration.ofDays(2))
                      + " "
                      + daily.at(click.key(), click.timestamp() - day)
                      + " "
                      + daily.at(click.key(), -1)
                      + " "
                      + daily
                          .between(click.key(), click.timestamp() - 3 * day, Long.MAX_VALUE)
                          .values());
            })
        .uses(daily)
        .uses(total);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      Instant today = tester.now();
      tester
          .pipe(clicks, "k", 1L, today.minus(Duration.ofDays(2)))
          .pipe(clicks, "k", 2L, today.minus(Duration.ofDays(1)))
          .pipe(clicks, "k", 4L, today);

      assertThat(tester.read(closed).getLast().value())
          .isEqualTo("Optional[4] Optional[4] Optional[1] Optional[2] Optional.empty [1, 2, 4]");
    }
  }

  @Test
  void anEventIsLateForAWindowThatHasClosedAndGoesToTheLateTopicAsItCame() {
    WindowedTable<String, Long> sums =
        sums()
            .hopping(SECOND.multipliedBy(10), SECOND.multipliedBy(5))
            .grace(SECOND.multipliedBy(5))
            .retained(SECOND.multipliedBy(20))
            .lateTo(late);
    summing(sums);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe(clicks, "k", 1L, at(7)).pipe(clicks, "k", 2L, Instant.ofEpochMilli(14_999));
      tester.pipe(clicks, "k", 4L, at(9)); // in time for both
      tester.pipe(clicks, "k", 8L, at(15)); // closes the window from 0 to 10
      tester.pipe(clicks, "k", 16L, at(9)); // in time for that from 5 to 15 alone
      tester.pipe(clicks, "k", 32L, at(20)); // closes that too
      tester.pipe(clicks, "k", 64L, at(9));

      assertThat(tester.table(sums).windows("k"))
          .isEqualTo(Map.of(at(0), 5L, at(5), 23L, at(10), 10L, at(15), 40L, at(20), 32L));
      List<TestRecord<String, Long>> missed = tester.read(late);
      assertThat(missed).extracting(TestRecord::value).containsExactly(16L, 64L);
      assertThat(missed).extracting(TestRecord::timestamp).containsExactly(at(9), at(9));
      assertThat(missed)
          .extracting(record -> text(record.header("gretchen-late-windows")))
          .containsExactly("0", "0,5000");
      assertThat(missed)
          .allSatisfy(
              record -> assertThat(text(record.header("gretchen-late-table"))).isEqualTo("sums"));
    }
  }

  @Test
  void closesAWindowToTheMillisecondAndBeforeTheEventThatClosesIt() {
    WindowedTable<String, Long> sums =
        sums()
            .tumbling(SECOND.multipliedBy(10))
            .grace(SECOND)
            .retained(SECOND.multipliedBy(3))
            .onClose(window -> closed.send(window.key(), window.window() + " " + window.value()));
    app.agent(
            "sum",
            clicks,
            click -> {
              sums.merge(click.key(), click.value(), Long::sum);
              closed.send(click.key(), "event " + click.value());
            })
        .uses(sums)
        .uses(total);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester
          .pipe(clicks, "k", 1L, at(3))
          .pipe(clicks, "l", 2L, Instant.ofEpochMilli(10_999))
          .pipe(clicks, "l", 4L, Instant.ofEpochMilli(11_000))
          .pipe(clicks, "l", 8L, Instant.ofEpochMilli(12_999));

      List<TestRecord<String, String>> told = tester.read(closed);
      assertThat(told)
          .extracting(TestRecord::value)
          .containsExactly(
              "event 1", "event 2", "Window[start=0, end=10000] 1", "event 4", "event 8");
      assertThat(told.get(2).key()).isEqualTo("k");
      assertThat(told.get(2).timestamp()).isEqualTo(Instant.ofEpochMilli(9_999));
      assertThat(told.get(2).header(Event.ID_HEADER)).isNull();
      assertThat(tester.table(sums).windows("k")).as("closed, and kept").hasSize(1);

      tester.pipe(clicks, "l", 16L, at(13));
      assertThat(tester.table(sums).windows("k")).as("dropped").isEmpty();
      assertThat(tester.read(closed)).extracting(TestRecord::value).containsExactly("event 16");
    }
  }

  @Test
  void eachWindowIsClosedOnceWhereverTheWorkerDies() {
    WindowedTable<String, Long> sums =
        sums().tumbling(SECOND.multipliedBy(10)).retained(SECOND.multipliedBy(3));
    tellAndCount(sums);
    summing(sums);
    assertEachClosesOnce(new Model(10, 10, 3), true);
  }

  @Test
  void eachHoppingWindowThatOutlivesItsCloseIsClosedOnceWhereverTheWorkerDies() {
    WindowedTable<String, Long> sums =
        sums()
            .hopping(SECOND.multipliedBy(10), SECOND.multipliedBy(4))
            .grace(SECOND.multipliedBy(2))
            .retained(SECOND.multipliedBy(60));
    tellAndCount(sums);
    summing(sums);
    assertEachClosesOnce(new Model(10, 4, 2), true);
  }

  @Test
  void eachWindowIsClosedOnceWhereEventsAreHandledBesideOneAnother() {
    WindowedTable<String, Long> sums =
        sums()
            .hopping(SECOND.multipliedBy(10), SECOND.multipliedBy(5))
            .grace(SECOND)
            .retained(SECOND.multipliedBy(20))
            .onClose(
                window -> closed.send(window.key(), told(window.window().start(), window.value())));
    app.agent(
            "sum",
            clicks,
            click -> {
              click.sleep(Duration.ofMillis(click.value() % 7 * 10));
              sums.merge(click.key(), click.value(), Long::sum);
            })
        .uses(sums)
        .uses(total)
        .concurrency(4);
    assertEachClosesOnce(new Model(10, 5, 1), false);
  }

  @Test
  void eachWindowIsClosedOnceWhereEventsAreHandledInBatches() {
    WindowedTable<String, Long> sums =
        sums()
            .tumbling(SECOND.multipliedBy(5))
            .retained(SECOND.multipliedBy(4))
            .onClose(
                window -> closed.send(window.key(), told(window.window().start(), window.value())));
    app.agent(
            "sum",
            clicks,
            new Take(3, Duration.ofMillis(20)),
            batch -> {
              for (Event<String, Long> click : batch) {
                click.causes(() -> sums.merge(click.key(), click.value(), Long::sum));
              }
            })
        .uses(sums)
        .uses(total);
    assertEachClosesOnce(new Model(5, 5, 4), false);
  }

  private void tellAndCount(WindowedTable<String, Long> sums) {
    sums.onClose(window -> {
      closed.send(window.key(), told(window.window().start(), window.value()));
      total.merge(window.key(), window.value(), Long::sum);
    });
  }

  private static String told(long start, long sum) {
    return start + "=" + sum;
  }

  /// Events in disorder, and crashes at any moment; in the end one that closes all.
  private void assertEachClosesOnce(Model model, boolean counts) {
    Random random = new Random(11);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      for (int i = 0; i < 150; i++) {
        long time = i * 700L + random.nextInt(9_000);
        String key = "k" + random.nextInt(4);
        model.event(key, time, i);
        tester.pipe(clicks, key, (long) i, Instant.ofEpochMilli(time));
        tester.advance(Duration.ofMillis(random.nextInt(40)));
        if (i % 10 == 9) {
          if (i % 20 == 9) {
            tester.crashAndRecover();
          } else {
            tester.wipeAndRecover();
          }
        }
      }
      tester.pipe(clicks, "end", 0L, at(100_000));
      model.event("end", 100_000_000, 0);

      Map<String, List<String>> told = new TreeMap<>();
      tester
          .read(closed)
          .forEach(record ->
              told.computeIfAbsent(record.key(), _ -> new ArrayList<>()).add(record.value()));
      assertThat(model.missed).as("some were late").isPositive();
      assertThat(told).isEqualTo(model.closed);
      if (counts) {
        assertThat(tester.table(total).entries()).isEqualTo(model.totals());
      }
    }
  }

  /// The definition: windows that an event finds closed it does not count in.
  private static final class Model {

    private final long size;
    private final long step;
    private final long grace;
    private final Map<String, TreeMap<Long, Long>> open = new HashMap<>();
    private final Map<String, List<String>> closed = new TreeMap<>();
    private final Map<String, Long> sums = new HashMap<>();
    private long streamTime = Long.MIN_VALUE;
    private long missed;

    /// In seconds.
    Model(long size, long step, long grace) {
      this.size = size * 1_000;
      this.step = step * 1_000;
      this.grace = grace * 1_000;
    }

    void event(String key, long time, long value) {
      streamTime = Math.max(streamTime, time);
      open.forEach((each, windows) -> {
        while (!windows.isEmpty() && windows.firstKey() + size + grace <= streamTime) {
          Map.Entry<Long, Long> first = windows.pollFirstEntry();
          closed
              .computeIfAbsent(each, _ -> new ArrayList<>())
              .add(told(first.getKey(), first.getValue()));
          sums.merge(each, first.getValue(), Long::sum);
        }
      });
      for (long start = time / step * step; start > time - size && start >= 0; start -= step) {
        if (start + size + grace <= streamTime) {
          missed++;
        } else {
          open.computeIfAbsent(key, _ -> new TreeMap<>()).merge(start, value, Long::sum);
        }
      }
    }

    Map<String, Long> totals() {
      return sums;
    }
  }

  @Test
  void aCloseHandlerThatFailsForGoodLeavesADeadLetterAndTheWindowClosed() {
    WindowedTable<String, Long> sums =
        sums()
            .tumbling(SECOND)
            .retained(Duration.ZERO)
            .onClose(window -> {
              closed.send(window.key(), "told before it failed");
              throw new IllegalStateException("nobody listens");
            });
    summing(sums).onFailure(new FailurePolicy.DeadLetter(1, Duration.ofMillis(1)));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe(clicks, "k", 7L, at(1)).pipe(clicks, "l", 1L, at(2));

      assertThat(tester.deadLetters())
          .singleElement()
          .satisfies(letter -> {
            assertThat(letter.source()).matches("clicks-0@2000\\d{6}");
            assertThat(letter.key()).isEqualTo("k");
            assertThat(letter.value()).isEqualTo(7L);
            assertThat(letter.reason())
                .contains("table sums, closing the window that ends at 2000", "nobody listens");
          });
      assertThat(tester.read(closed)).isEmpty();
      assertThat(tester.crashAndRecover().table(sums).windows("k")).isEmpty();
      assertThat(tester.deadLetters()).isEmpty();
    }
  }

  @Test
  void aCloseHandlerTouchesNoTableBesideOtherEvents() {
    WindowedTable<String, Long> sums =
        sums()
            .tumbling(SECOND)
            .retained(Duration.ZERO)
            .onClose(window -> total.merge(window.key(), window.value(), Long::sum));
    summing(sums).concurrency(2).onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe(clicks, "k", 7L, at(1)).pipe(clicks, "l", 1L, at(2));

      assertThat(tester.deadLetters())
          .singleElement()
          .satisfies(letter ->
              assertThat(letter.reason())
                  .contains("table total: a close handler touches no table", "concurrency(1)"));
    }
  }

  @Test
  void eventsTellTheirTimeThemselves() {
    App orders = App.named("orders");
    Topic<String, Long> placed =
        orders.topic(
            "placed", Codecs.utf8(), Codecs.int64(), order -> Instant.ofEpochSecond(order.value()));
    Topic<String, Long> passedOn = orders.topic("passed-on", Codecs.utf8(), Codecs.int64());
    WindowedTable<String, Long> count =
        orders
            .table("count", Codecs.utf8(), Codecs.int64(), () -> 0L)
            .tumbling(SECOND.multipliedBy(10))
            .retained(Duration.ZERO);
    orders
        .agent(
            "count",
            placed,
            order -> {
              count.merge(order.key(), 1L, Long::sum);
              passedOn.send(order.key(), order.timestamp());
            })
        .uses(count);
    try (AppTester tester = AppTester.of(orders, ONE_PARTITION)) {
      tester.pipe(placed, "k", 3L).pipe(placed, "k", 14L).pipe(placed, "k", 9L);

      assertThat(tester.table(count).windows("k")).isEqualTo(Map.of(at(10), 1L));
      assertThat(tester.read(passedOn))
          .extracting(TestRecord::timestamp)
          .containsExactly(at(3), at(14), at(9));

      // one whose time nobody can tell moves no stream time, though its record is of this century
      tester.pipe("placed", "k", null).pipe(placed, "k", -5L).pipe(placed, "k", 15L);
      assertThat(tester.deadLetters())
          .extracting(DeadLetteredEvent::reason)
          .satisfiesExactly(
              first -> assertThat(first).contains("is a tombstone"),
              second -> assertThat(second).contains("tells a time before 1970"));
      assertThat(tester.table(count).windows("k")).isEqualTo(Map.of(at(10), 2L));
    }
  }

  private static Instant at(long seconds) {
    return Instant.ofEpochSecond(seconds);
  }

  private static String text(byte @Nullable [] header) {
    return header == null ? "" : new String(header, StandardCharsets.UTF_8);
  }
}
