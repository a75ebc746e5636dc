package dev.gretchen.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.GlobalTable;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.WindowedTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables that every worker has all of.
class GlobalTablesTest {

  private static final Duration SOON = Duration.ofSeconds(1);

  private final App app = App.named("chat");
  private final Topic<String, String> bans = app.topic("bans", Codecs.utf8(), Codecs.utf8());
  private final Topic<String, String> posts = app.topic("posts", Codecs.utf8(), Codecs.utf8());
  private final Topic<String, String> shown = app.topic("shown", Codecs.utf8(), Codecs.utf8());
  private final GlobalTable<String, String> banned = app.globalTable("banned", bans);

  private void showWhatIsNotBanned() {
    app.agent(
        "show",
        posts,
        event ->
            shown.send(
                event.key(), banned.get(event.value()).map(why -> "no: " + why).orElse("yes")));
  }

  private static List<String> values(AppTester tester) {
    return tester.<String, String>read("shown").stream().map(TestRecord::value).toList();
  }

  /// The posts wait when the worker starts, and the brokers give one record at a time: reading the
  /// copy takes far longer than joining the group.
  @Test
  void isCompleteBeforeTheFirstEventIsHandled() {
    showWhatIsNotBanned();
    Cluster cluster = new Cluster(3, 3);
    Slot slot = new Slot(app, cluster, TesterOptions.standard());
    Driver driver =
        new Driver("chat", cluster.scheduler(), slot, new Standing(app.topology(), cluster, slot));
    app.topics().forEach(topic -> cluster.create(topic.name()));
    int banned = 3_000;
    for (int i = 0; i < banned; i++) {
      cluster.append("bans", utf8("user" + i), utf8("spam"), 1_000, i);
    }
    for (int i = 0; i < 20; i++) {
      cluster.append("posts", utf8("room" + i), utf8("user" + (banned - 1 - i)), 1_000, i);
    }
    cluster.kafka().limitFetches(1);
    driver.untilReady(slot::start);
    driver.settle();
    List<String> answers =
        cluster.take("shown").stream()
            .map(
                located -> Codecs.utf8().decode(requireNonNull(located.record().message().value())))
            .toList();
    driver.close();

    assertThat(answers).hasSize(20).containsOnly("no: spam");
  }

  private static byte[] utf8(String text) {
    return Codecs.utf8().encode(text);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void isCompleteAgainAfterACrash(long seed) {
    showWhatIsNotBanned();
    try (AppTester tester = AppTester.of(app, seed)) {
      for (int i = 0; i < 300; i++) {
        tester.pipe("bans", "user" + i, "spam" + i);
      }
      for (int i = 0; i < 300; i++) {
        tester.pipe("posts", "room" + i % 7, "user" + i);
      }
      tester.crashAndRecover();
      assertThat(values(tester)).hasSize(300).allMatch(value -> value.startsWith("no: spam"));
    }
  }

  @Test
  void followsItsTopic() {
    showWhatIsNotBanned();
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe("posts", "room", "ann");
      assertThat(values(tester)).containsExactly("yes");
      tester.pipe("bans", "ann", "spam").advance(SOON).pipe("posts", "room", "ann");
      assertThat(values(tester)).containsExactly("no: spam");
      tester.pipe("bans", "ann", "insults").advance(SOON).pipe("posts", "room", "ann");
      assertThat(values(tester)).containsExactly("no: insults");
      tester.pipe("bans", "ann", null).advance(SOON).pipe("posts", "room", "ann");
      assertThat(values(tester)).containsExactly("yes");
    }
  }

  @Test
  void showsWhatTheAppItselfHasCommittedToItsTopic() {
    app.agent(
        "ban",
        posts,
        event -> {
          shown.send("k", "" + banned.contains(event.value()));
          bans.send(event.value(), "once is enough");
        });
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe("posts", "room", "ann").advance(SOON).pipe("posts", "room", "ann");
      assertThat(values(tester)).containsExactly("false", "true");
    }
  }

  /// Both where windows close between events and where they close beside them.
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void isReadByCloseHandlersToo(int concurrency) {
    WindowedTable<String, Long> count =
        app.table("count", Codecs.utf8(), Codecs.int64(), () -> 0L)
            .tumbling(Duration.ofMinutes(1))
            .retained(Duration.ZERO)
            .onClose(window ->
                shown.send(
                    window.key(), window.value() + " " + banned.get(window.key()).orElse("")));
    app.agent("count", posts, post -> count.merge(post.key(), 1L, Long::sum))
        .uses(count)
        .concurrency(concurrency);
    try (AppTester tester = AppTester.of(app, TesterOptions.standard().withPartitions(1))) {
      tester.pipe("bans", "ann", "spam").advance(SOON);
      tester.pipe("posts", "ann", "x", Instant.ofEpochSecond(10));
      tester.pipe("posts", "ann", "x", Instant.ofEpochSecond(70));
      assertThat(values(tester)).containsExactly("1 spam");
    }
  }

  @Test
  void isReadByHandlersOfItsOwnAppAlone() {
    App other = App.named("other");
    Topic<String, String> in = other.topic("in", Codecs.utf8(), Codecs.utf8());
    other
        .agent("a", in, event -> banned.get(event.key()))
        .onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));
    try (AppTester tester = AppTester.of(other)) {
      tester.pipe("in", "k", "v");
      assertThat(tester.deadLetters())
          .singleElement()
          .satisfies(letter ->
              assertThat(letter.reason())
                  .contains("global table banned is not one of this app's")
                  .contains("app.globalTable(...)"));
    }
    assertThatThrownBy(() -> banned.get("ann")).hasMessageContaining("inside a handler only");
  }

  @Test
  void hasATopicOfItsAppAndANameOfItsOwn() {
    Topic<String, String> foreign = App.named("b").topic("in", Codecs.utf8(), Codecs.utf8());
    app.table("t", Codecs.utf8(), Codecs.utf8(), () -> "");

    assertThatThrownBy(() -> app.globalTable("g", foreign))
        .hasMessageContaining("topic in is not one of app chat");
    assertThatThrownBy(() -> app.globalTable("banned", bans))
        .hasMessageContaining("table banned is declared twice");
    assertThatThrownBy(() -> app.globalTable("t", bans))
        .hasMessageContaining("table t is declared twice");
  }
}
