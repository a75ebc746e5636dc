package dev.gretchen.apps.windows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Window;
import dev.gretchen.testkit.AppTester;
import dev.gretchen.testkit.TestRecord;
import dev.gretchen.testkit.TestTable;
import dev.gretchen.testkit.TesterOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WindowsTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String SHOP = "views.eu.shop";

  private final AppTester tester =
      AppTester.of(Windows.app(), TesterOptions.standard().withPartitions(1));

  @AfterEach
  void close() {
    tester.close();
  }

  @Test
  void gathersViewsOfAllTopicsByPageAndByUserButNotThoseOfRobots() {
    view(SHOP, "ann", "page-1", 0);
    view("views.us.shop", "bob", "page-1", 1);
    view("views.us.shop", "bob", "robot:page-1", 2);

    assertThat(this.<String>read("page-views"))
        .extracting(record -> record.key() + " " + record.value())
        .containsExactlyInAnyOrder("eu/page-1 ann", "us/page-1 bob");
    assertThat(this.<String>read("user-views"))
        .extracting(record -> record.key() + " " + record.value())
        .containsExactlyInAnyOrder("ann eu/page-1", "bob us/page-1");
  }

  @Test
  void tellsOfATumblingWindowOnceItHasClosedWithWhatCameInItsGrace() {
    view(SHOP, "ann", "page-1", 1);
    view(SHOP, "bob", "page-2", 6.9);
    view(SHOP, "cid", "page-1", 4.9);
    assertThat(this.<Closed>read("page-window-closed")).isEmpty();

    view(SHOP, "bob", "page-2", 7);

    List<TestRecord<String, Closed>> closed = read("page-window-closed");
    assertThat(closed).hasSize(1);
    assertThat(closed.getFirst().key()).isEqualTo("eu/page-1");
    assertThat(closed.getFirst().value().count()).isEqualTo(2);
    assertThat(closed.getFirst().value().end() - closed.getFirst().value().start())
        .isEqualTo(5_000);
    assertThat(closed.getFirst().timestamp()).isEqualTo(at(4.999));
  }

  @Test
  void anEventIsLateForTheWindowsThatHaveClosedAndSaysForWhich() {
    view(SHOP, "ann", "page-1", 20);
    view(SHOP, "bob", "page-1", 12.5);

    List<TestRecord<String, String>> late = read("late-page-views");
    assertThat(late)
        .extracting(record ->
            header(record, "gretchen-late-table") + " " + header(record, "gretchen-late-windows"))
        .containsExactly(
            "page-window " + at(10).toEpochMilli(),
            "page-hop "
                + at(8).toEpochMilli()
                + ","
                + at(10).toEpochMilli()
                + ","
                + at(12).toEpochMilli());
    assertThat(late).extracting(TestRecord::value).containsOnly("bob");
    assertThat(late).extracting(TestRecord::timestamp).containsOnly(at(12.5));
  }

  @Test
  void countsAViewInEachHoppingWindowThatHoldsIt() {
    view(SHOP, "ann", "page-1", 7);

    TestTable<String, Tally> hops = tester.table("page-hop");
    assertThat(hops.windows("eu/page-1").keySet()).containsExactly(at(2), at(4), at(6));
  }

  @Test
  void dropsWindowsThatItKeepsNoLonger() {
    view(SHOP, "ann", "page-1", 1);
    TestTable<String, Tally> windows = tester.table("page-window");
    assertThat(windows.windows("eu/page-1")).hasSize(1);

    view(SHOP, "bob", "page-2", 15);
    view(SHOP, "bob", "page-2", 15);

    assertThat(windows.windows("eu/page-1")).isEmpty();
  }

  @Test
  void aViewBetweenTwoSessionsOfAUserUnitesThem() {
    view(SHOP, "ann", "page-1", 0);
    view(SHOP, "ann", "page-2", 4);
    TestTable<String, Tally> sessions = tester.table("user-session");
    assertThat(sessions.stretches("ann")).hasSize(2);

    view(SHOP, "ann", "page-3", 2);

    assertThat(sessions.stretches("ann").keySet())
        .containsExactly(new Window(at(0).toEpochMilli(), at(7).toEpochMilli()));
    view(SHOP, "bob", "page-1", 9);
    List<TestRecord<String, Closed>> closed = read("user-session-closed");
    assertThat(closed).extracting(TestRecord::key).containsExactly("ann");
    assertThat(closed.getFirst().value().count()).isEqualTo(3);
  }

  @Test
  void aPageThatNobodyLooksAtForFiveSecondsBeginsAnew() {
    view(SHOP, "ann", "page-1", 0);
    view(SHOP, "bob", "page-1", 4.9);
    TestTable<String, Tally> recent = tester.table("page-recent");
    TestTable<String, Tally> total = tester.table("page-total");
    assertThat(recent.get("eu/page-1").orElseThrow().count()).isEqualTo(2);

    view(SHOP, "cid", "page-1", 9.9);

    assertThat(recent.get("eu/page-1").orElseThrow().count()).isEqualTo(1);
    assertThat(total.get("eu/page-1").orElseThrow().count()).isEqualTo(3);
  }

  @Test
  void tellsOfEachWindowAndSessionOnceThroughCrashes() {
    for (int i = 0; i < 30; i++) {
      view(SHOP, "user-" + i % 3, "page-1", i);
      tester.advance(Duration.ofMillis(i));
      if (i % 4 == 1) {
        tester.crashAndRecover();
      }
    }
    view(SHOP, "last", "page-2", 100);

    assertThat(this.<Closed>read("page-window-closed"))
        .extracting(record -> record.value().count())
        .containsExactly(5L, 5L, 5L, 5L, 5L, 5L);
    assertThat(this.<Closed>read("user-session-closed"))
        .extracting(record -> record.value().count())
        .hasSize(30)
        .containsOnly(1L);
  }

  @Test
  void ticksAtEachFifthSecondOnceThroughCrashes() {
    tester.advance(Duration.ofSeconds(12)).crashAndRecover();
    tester.advance(Duration.ofSeconds(12)).crashAndRecover();
    tester.advance(Duration.ofSeconds(12));

    List<Long> moments =
        this.<String>read("ticks").stream().map(tick -> Long.parseLong(tick.value())).toList();

    assertThat(moments).hasSizeGreaterThanOrEqualTo(6);
    for (int i = 0; i < moments.size(); i++) {
      assertThat(moments.get(i)).isEqualTo(moments.getFirst() + i * 5_000L);
    }
  }

  private <V> List<TestRecord<String, V>> read(String topic) {
    return tester.read(topic);
  }

  private void view(String topic, String user, String page, double second) {
    tester.pipe(topic, user, page, at(second));
  }

  private static Instant at(double second) {
    return NOON.plusMillis(Math.round(second * 1_000));
  }

  private static String header(TestRecord<?, ?> record, String name) {
    return new String(Objects.requireNonNull(record.header(name)), UTF_8);
  }
}
