package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.Guarantee;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.testkit.Shop.Order;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an app's author meets: each method, wrong use, crashes.
class AppTesterTest {

  private static final Instant NOON = Instant.parse("2031-05-01T12:00:00Z");

  private final Shop shop = new Shop();

  @Test
  void readsWhatTheAppMadeOfWhatWasPiped() {
    try (AppTester tester = AppTester.of(shop.app)) {
      tester.pipe("orders", "1", new Order("ann", 5), NOON);
      tester.pipe("orders", "2", new Order("bob", 7));

      List<TestRecord<String, Long>> sales = tester.read("sales");

      assertThat(sales).extracting(TestRecord::key).containsExactly("ann", "bob");
      assertThat(sales).extracting(TestRecord::value).containsExactly(5L, 7L);
      assertThat(sales).extracting(TestRecord::timestamp).containsExactly(NOON, tester.now());
      assertThat(ByteBuffer.wrap(sales.getLast().header(Event.ID_HEADER)).getLong()).isEqualTo(2);
    }
  }

  @Test
  void readsOnlyWhatIsNewSinceTheLastRead() {
    try (AppTester tester = AppTester.of(shop.app)) {
      tester.pipe("orders", "1", new Order("ann", 5));
      assertThat(tester.read("sums")).hasSize(1);
      assertThat(tester.read("sums")).isEmpty();

      tester.pipe("orders", "2", new Order("ann", 6));
      assertThat(tester.read("sums")).extracting(TestRecord::value).containsExactly(11L);
      assertThat(tester.read("sales")).hasSize(2);
    }
  }

  @Test
  void keepsTheOrderOfThePipedEventsAcrossPartitions() {
    List<String> customers = new ArrayList<>();
    try (AppTester tester = AppTester.of(shop.app, TesterOptions.standard().withPartitions(5))) {
      for (int i = 0; i < 100; i++) {
        customers.add("c" + i * 37 % 31);
        tester.pipe("orders", customers.getLast(), new Order(customers.getLast(), 1));
      }
      List<TestRecord<String, Long>> sales = tester.read("sales");
      assertThat(sales).extracting(TestRecord::partition).contains(0, 1, 2, 3, 4);
      assertThat(sales).extracting(TestRecord::key).isEqualTo(customers);
    }
  }

  @Test
  void runsConcurrentAgentsWhoseHandlersWaitThroughCrashes() {
    App app = App.named("calls");
    Topic<String, Long> calls = app.topic("calls", Codecs.utf8(), Codecs.int64());
    Topic<String, Long> answers = app.topic("answers", Codecs.utf8(), Codecs.int64());
    Table<String, Long> sum = app.table("sum", Codecs.utf8(), Codecs.int64(), () -> 0L);
    app.agent(
            "call",
            calls,
            call -> {
              call.sleep(Duration.ofMillis(call.value() % 7 * 20));
              answers.send(call.key(), sum.merge(call.key(), call.value(), Long::sum));
            })
        .uses(sum)
        .concurrency(8);
    Map<String, List<Long>> expected = new TreeMap<>();
    Map<String, List<Long>> answered = new TreeMap<>();
    try (AppTester tester = AppTester.of(app)) {
      for (long i = 0; i < 60; i++) {
        String key = "k" + i % 11;
        List<Long> sums = expected.computeIfAbsent(key, _ -> new ArrayList<>());
        sums.add(i + (sums.isEmpty() ? 0 : sums.getLast()));
        tester.pipe("calls", key, i).advance(Duration.ofMillis(i % 9));
        if (i % 8 == 7) {
          tester.crashAndRecover();
        }
      }
      List<TestRecord<String, Long>> all = tester.read("answers");
      all.forEach(answer ->
          answered.computeIfAbsent(answer.key(), _ -> new ArrayList<>()).add(answer.value()));
      assertThat(answered).isEqualTo(expected);
    }
  }

  @Test
  void showsTablesOverAllPartitions() {
    try (AppTester tester = AppTester.of(shop.app)) {
      TestTable<String, Long> total = tester.table("total");
      for (String customer : List.of("ann", "bob", "cid", "ann")) {
        tester.pipe("orders", "x", new Order(customer, 2));
      }

      assertThat(total.get("ann")).contains(4L);
      assertThat(total.get("dan")).isEmpty();
      assertThat(total.entries()).isEqualTo(Map.of("ann", 4L, "bob", 2L, "cid", 2L));

      tester.pipe("orders", "x", new Order("dan", 1));
      assertThat(total.get("dan")).contains(1L);
    }
  }

  @Test
  void showsWindowsByEventTimeAndForgetsThemByStreamTime() {
    try (AppTester tester = AppTester.of(shop.app)) {
      TestTable<String, Long> hourly = tester.table("hourly");
      tester.pipe("orders", "1", new Order("ann", 1), NOON);
      tester.pipe("orders", "1", new Order("ann", 2), NOON.plusSeconds(3_599));
      tester.pipe("orders", "1", new Order("ann", 4), NOON.plusSeconds(3_600));

      assertThat(hourly.at("ann", NOON.plusSeconds(60))).contains(3L);
      assertThat(hourly.at("ann", NOON.minusMillis(1))).isEmpty();
      assertThat(hourly.windows("ann")).isEqualTo(Map.of(NOON, 3L, NOON.plusSeconds(3_600), 4L));

      tester.pipe("orders", "1", new Order("ann", 8), NOON.plus(Duration.ofHours(3)));
      assertThat(hourly.windows("ann")).doesNotContainKey(NOON).hasSize(2);

      tester.pipe("orders", "1", new Order("ann", 16), NOON);
      assertThat(hourly.at("ann", NOON)).as("too late").isEmpty();
      assertThat(tester.<String, Long>table("total").get("ann")).contains(31L);
    }
  }

  @Test
  void takesDeclaredTopicsAndTablesInPlaceOfNames() {
    try (AppTester tester = AppTester.of(shop.app)) {
      tester.pipe(shop.orders, "1", new Order("ann", 5), NOON);
      tester.pipe(shop.orders, "2", new Order("ann", 6), NOON);

      long last = tester.read(shop.sums).getLast().value();

      assertThat(last).isEqualTo(11);
      assertThat(tester.table(shop.total).get("ann")).contains(11L);
      assertThat(tester.table(shop.hourly).at("ann", NOON)).contains(11L);
    }
  }

  @Test
  void movesEventTimeByAdvanceAlone() {
    try (AppTester tester = AppTester.of(shop.app)) {
      Instant begin = tester.now();
      tester.pipe("orders", "1", new Order("ann", 1));
      assertThat(tester.read("sales")).hasSize(1);
      assertThat(tester.now()).isEqualTo(begin);

      tester.advance(Duration.ofMinutes(61)).pipe("orders", "1", new Order("ann", 1));

      assertThat(tester.now()).isEqualTo(begin.plus(Duration.ofMinutes(61)));
      assertThat(tester.<String, Long>table("hourly").windows("ann")).hasSize(2);
    }
  }

  @Test
  void theSameSeedGivesTheSameTest() {
    assertThat(story(7)).isEqualTo(story(7));
  }

  private static List<String> story(long seed) {
    List<String> story = new ArrayList<>();
    try (AppTester tester = AppTester.of(new Shop().app, seed)) {
      for (int i = 0; i < 20; i++) {
        tester.pipe("orders", "o" + i, new Order("c" + i % 3, i + 1));
      }
      tester.advance(Duration.ofMillis(12)).crashAndRecover();
      tester.read("sums").forEach(record -> story.add(record.toString()));
    }
    return story;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void countsEachEventOnceThroughManyCrashesAtAnyMoment(long seed) {
    Random random = new Random(seed);
    Map<String, Long> expected = new HashMap<>();
    int orders = 0;
    try (AppTester tester = AppTester.of(shop.app, seed)) {
      for (int crash = 0; crash < 25; crash++) {
        for (int i = random.nextInt(8); i >= 0; i--) {
          String customer = "c" + random.nextInt(4);
          tester.pipe("orders", "o" + orders++, new Order(customer, 1));
          expected.merge(customer, 1L, Long::sum);
        }
        tester.advance(Duration.ofNanos(random.nextInt(300_000_000)));
        switch (random.nextInt(5)) {
          case 0 -> tester.wipeAndRecover();
          case 1 -> tester.restart();
          default -> tester.crashAndRecover();
        }
      }
      assertThat(tester.<String, Long>table("total").entries()).isEqualTo(expected);
      assertThat(tester.read("sales")).hasSize(orders);
      Map<String, Long> sums = new HashMap<>();
      for (TestRecord<String, Long> sum : tester.read(shop.sums)) {
        assertThat(sum.value()).as("step by step").isEqualTo(sums.merge(sum.key(), 1L, Long::sum));
      }
      assertThat(sums).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void publishesATablesChangesExactlyOnceThroughCrashesAtAnyMoment(long seed) {
    Random random = new Random(seed);
    Map<String, Long> expected = new TreeMap<>();
    try (AppTester tester = AppTester.of(Published.app(), seed)) {
      for (int crash = 0; crash < 25; crash++) {
        pipeSome(tester, random, expected);
        switch (random.nextInt(5)) {
          case 0 -> tester.wipeAndRecover();
          case 1 -> tester.restart();
          default -> tester.crashAndRecover();
        }
      }
      assertThat(tester.<String, Long>table("total").entries()).isEqualTo(expected);
      Map<String, Long> last = new TreeMap<>();
      Map<String, Long> lastEvent = new HashMap<>();
      for (TestRecord<String, Long> change : tester.<String, Long>read("totals")) {
        // one change a commit: it skips events, and never goes back or comes twice
        long event = ByteBuffer.wrap(change.header(Event.ID_HEADER)).getLong();
        assertThat(event).isGreaterThan(lastEvent.getOrDefault(change.key(), 0L));
        lastEvent.put(change.key(), event);
        if (change.isTombstone()) {
          last.remove(change.key());
        } else {
          last.put(change.key(), change.value());
        }
      }
      assertThat(last).isEqualTo(expected);
    }
  }

  @Test
  void publishesTheLastValuesUnderTheWeakerGuaranteeToo() {
    TesterOptions options = TesterOptions.standard().withGuarantee(Guarantee.AT_LEAST_ONCE);
    Random random = new Random(1);
    Map<String, Long> expected = new TreeMap<>();
    try (AppTester tester = AppTester.of(Published.app(), options)) {
      for (int crash = 0; crash < 25; crash++) {
        pipeSome(tester, random, expected);
        tester.crashAndRecover();
      }
      Map<String, Long> last = new TreeMap<>();
      for (TestRecord<String, Long> change : tester.<String, Long>read("totals")) {
        if (change.isTombstone()) {
          last.remove(change.key());
        } else {
          last.put(change.key(), change.value());
        }
      }
      assertThat(last).isEqualTo(expected);
    }
  }

  /// Amounts for some keys; a negative one closes the account.
  private static void pipeSome(AppTester tester, Random random, Map<String, Long> expected) {
    for (int i = random.nextInt(8); i >= 0; i--) {
      String customer = "c" + random.nextInt(4);
      long amount = random.nextInt(10) == 0 ? -1 : 1 + random.nextInt(3);
      tester.pipe("amounts", customer, amount);
      if (amount < 0) {
        expected.remove(customer);
      } else {
        expected.merge(customer, amount, Long::sum);
      }
    }
    tester.advance(Duration.ofNanos(random.nextInt(300_000_000)));
  }

  /// A table whose changes are published, and nothing else.
  private static final class Published {

    static App app() {
      App app = App.named("published");
      Topic<String, Long> amounts = app.topic("amounts", Codecs.utf8(), Codecs.int64());
      Topic<String, Long> totals = app.topic("totals", Codecs.utf8(), Codecs.int64());
      Table<String, Long> total =
          app.table("total", Codecs.utf8(), Codecs.int64(), () -> 0L).publishTo(totals);
      app.agent(
              "sum",
              amounts,
              amount -> {
                if (amount.value() < 0) {
                  total.remove(amount.key());
                } else {
                  total.merge(amount.key(), amount.value(), Long::sum);
                }
              })
          .uses(total);
      return app;
    }
  }

  @Test
  void mayRepeatOutputsUnderTheWeakerGuaranteeButKeepsTablesExact() {
    TesterOptions options = TesterOptions.standard().withGuarantee(Guarantee.AT_LEAST_ONCE);
    // the first commit falls into these milliseconds, and takes about one from output to offset
    Duration until = Duration.ofMillis(300);
    Duration step = Duration.ofNanos(400_000);
    long crashes = until.dividedBy(step);
    try (AppTester tester = AppTester.of(shop.app, options)) {
      for (int i = 0; i < crashes; i++) {
        tester.pipe("sales", "ann", 1L).advance(step.multipliedBy(i));
        tester.crashAndRecover();
      }
      assertThat(tester.<String, Long>table("total").get("ann")).contains(crashes);
      assertThat(tester.read("sums"))
          .as("crashes strike between output and offset")
          .hasSizeGreaterThan((int) crashes);
    }
  }

  @Test
  void handsOutEventsWhoseHandlerFailed() {
    try (AppTester tester = AppTester.of(shop.app)) {
      tester.pipe("orders", "1", new Order("ann", 0));
      tester.pipe("orders", "1", new Order("ann", 3));

      DeadLetteredEvent letter = tester.deadLetters().getFirst();

      assertThat(letter.source()).startsWith("orders-").endsWith("@0");
      assertThat(letter.key()).isEqualTo("1");
      assertThat(letter.value()).isEqualTo(new Order("ann", 0));
      assertThat(letter.reason()).contains("an order of nothing");
      assertThat(letter.stack()).contains("Shop.java");
      assertThat(tester.deadLetters()).isEmpty();
      assertThat(tester.read("sales")).extracting(TestRecord::value).containsExactly(3L);
    }
  }

  @Test
  void failsAtTheEndOverADeadLetterThatNobodyLookedAt() {
    AppTester tester = AppTester.of(shop.app);
    tester.pipe("orders", "1", new Order("ann", 0));
    assertThat(tester.read("sales")).isEmpty();

    assertThatThrownBy(tester::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the test did not look at deadLetters()")
        .hasMessageContaining("1=Order[customer=ann, amount=0]")
        .hasMessageContaining("an order of nothing");
    tester.close();
  }

  @Test
  void failsWithTheWorkersOwnFailure() {
    Shop strict = new Shop(_ -> {}, new FailurePolicy.StopWorker());
    try (AppTester tester = AppTester.of(strict.app)) {
      tester.pipe("orders", "1", new Order("ann", 0));

      assertThatThrownBy(() -> tester.read("sales"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the worker of app shop failed")
          .hasMessageContaining("its policy is to stop")
          .hasRootCauseMessage("an order of nothing");
      assertThatThrownBy(() -> tester.advance(Duration.ofSeconds(1)))
          .hasMessageContaining("ended with an earlier failure");
    }
  }

  @Test
  void namesAHandlerThatSleepsForReal() {
    Shop sleepy = new Shop(_ -> Thread.sleep(60_000), FailurePolicy.standard());
    try (AppTester tester = AppTester.of(sleepy.app)) {
      tester.pipe("orders", "1", new Order("ann", 1));

      assertThatThrownBy(() -> tester.read("sales"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the test of app shop cannot go on")
          .hasMessageContaining("waits for something outside the simulation")
          .hasMessageContaining("AppTesterTest")
          .hasMessageContaining("gets a fake in a test");
    }
  }

  @Test
  void endsWhenTheTestIsInterrupted() {
    try (AppTester tester = AppTester.of(shop.app)) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> tester.advance(Duration.ofDays(10)))
          .hasMessageContaining("the test of app shop was interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void namesAnAppThatFeedsItself() {
    App app = App.named("circle");
    Topic<String, String> round = app.topic("round", Codecs.utf8(), Codecs.utf8());
    app.agent(
        "double",
        round,
        event -> {
          round.send(event.key(), event.value());
          round.send(event.key(), event.value());
        });
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe("round", "k", "v");

      assertThatThrownBy(() -> tester.read("round"))
          .hasMessageContaining("app circle has no end")
          .hasMessageContaining("leads back to it");
    }
  }

  @Test
  void showsTheClassicMistakeOfAKeyThatIsTouchedInTheWrongPartition() {
    App app = App.named("mistaken");
    Topic<String, String> in = app.topic("in", Codecs.utf8(), Codecs.utf8());
    var byValue = app.table("by-value", Codecs.utf8(), Codecs.int64(), () -> 0L);
    app.agent("count", in, event -> byValue.merge(event.value(), 1L, Long::sum)).uses(byValue);
    try (AppTester tester = AppTester.of(app)) {
      for (int i = 0; i < 10; i++) {
        tester.pipe("in", "k" + i, "same");
      }
      assertThat(tester.deadLetters())
          .isNotEmpty()
          .allMatch(letter -> letter.reason().contains("Re-key first"));
    }
  }

  @Test
  void takesEventsWithoutKeyAndTombstones() {
    App app = App.named("odd");
    Topic<String, String> in = app.topic("in", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> out = app.topic("out", Codecs.utf8(), Codecs.utf8());
    app.agent(
        "mirror",
        in,
        event -> {
          if (event.isTombstone()) {
            out.sendTombstone(event.key());
          } else {
            out.send(event.hasKey() ? event.key() : "none", event.value());
          }
        });
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe("in", null, "v").pipe("in", "k", null);

      List<TestRecord<String, String>> seen = tester.read("out");

      assertThat(seen.getFirst().key()).isEqualTo("none");
      assertThat(seen.getLast().isTombstone()).isTrue();
      assertThatThrownBy(() -> seen.getLast().value()).hasMessageContaining("is a tombstone");
      assertThat(tester.read(in).getFirst().hasKey()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void recoversTablesFromTheirChangelogsAlone(Guarantee guarantee) {
    try (AppTester tester =
        AppTester.of(shop.app, TesterOptions.standard().withGuarantee(guarantee))) {
      tester.pipe("sales", "ann", 5L, NOON);
      assertThat(tester.read("sums")).hasSize(1);

      tester.wipeAndRecover();

      assertThat(tester.table(shop.total).get("ann")).contains(5L);
      assertThat(tester.table(shop.hourly).at("ann", NOON)).contains(5L);
      assertThat(tester.read("sums")).isEmpty();
    }
  }

  @Test
  void saysWhatIsWrongWithItsUse() {
    AppTester tester = AppTester.of(shop.app);

    assertThatThrownBy(() -> tester.pipe("order", "1", new Order("ann", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("app shop declares no topic order; its topics are [orders, sales, sums]");
    assertThatThrownBy(() -> tester.read("order")).hasMessageContaining("declares no topic order");
    assertThatThrownBy(() -> tester.table("totals"))
        .hasMessage("app shop declares no table totals; its tables are [total, hourly]");
    assertThatThrownBy(() -> tester.pipe("sums", "ann", 1L))
        .hasMessageContaining("no agent of app shop reads topic sums")
        .hasMessageContaining("[orders, sales]");
    assertThatThrownBy(() -> tester.pipe("sales", "ann", "one"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("topic sales: value: the app's codec takes no java.lang.String")
        .hasMessageContaining("one");
    assertThatThrownBy(() -> tester.pipe("orders", 1, new Order("ann", 1)))
        .hasMessageContaining("topic orders: key: the app's codec takes no java.lang.Integer");
    assertThatThrownBy(() -> tester.pipe("orders", "1", "an order"))
        .hasMessageContaining("topic orders: value: the app's codec takes no java.lang.String");
    assertThatThrownBy(() -> tester.pipe("sales", "ann", 1L, Instant.EPOCH.minusMillis(1)))
        .hasMessageContaining("no timestamp before 1970");
    assertThatThrownBy(() -> tester.table("total").get(1))
        .hasMessageContaining("table total: key: the app's codec takes no java.lang.Integer");
    assertThatThrownBy(() -> tester.table("hourly").get("ann"))
        .hasMessageContaining("table hourly is windowed");
    assertThatThrownBy(() -> tester.table("total").at("ann", NOON))
        .hasMessageContaining("table total has no windows");
    assertThatThrownBy(() -> tester.advance(Duration.ofMillis(-1)))
        .hasMessageContaining("time only advances");
    assertThatThrownBy(() -> TesterOptions.standard().withPartitions(0))
        .hasMessageContaining("expected 1 to 100, found 0");

    tester.close();
    assertThatThrownBy(() -> tester.read("sums"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("this tester of app shop is closed");
    assertThatThrownBy(() -> tester.pipe("sales", "ann", 1L)).hasMessageContaining("is closed");
  }

  @Test
  void refusesAnAppThatDoesNotFitTogether() {
    App app = App.named("loose");
    app.topic("in", Codecs.utf8(), Codecs.utf8());

    assertThatThrownBy(() -> AppTester.of(app)).hasMessageContaining("app loose has no agent");
  }
}
