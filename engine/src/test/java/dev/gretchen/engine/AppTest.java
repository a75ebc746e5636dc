package dev.gretchen.engine;

import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class AppTest {

  private final App app = App.named("app");

  @Test
  void refusesWhatIsDeclaredTwice() {
    Topic<String, String> topic = app.topic("in", Codecs.utf8(), Codecs.utf8());
    app.table("t", Codecs.utf8(), Codecs.utf8(), () -> "");
    app.agent("a", topic, _ -> {});

    assertThatThrownBy(() -> app.topic("in", Codecs.utf8(), Codecs.utf8()))
        .hasMessageContaining("topic in is declared twice");
    assertThatThrownBy(() -> app.table("t", Codecs.utf8(), Codecs.utf8(), () -> ""))
        .hasMessageContaining("table t is declared twice");
    assertThatThrownBy(() -> app.agent("a", topic, _ -> {}))
        .hasMessageContaining("agent a is declared twice");
  }

  @Test
  void refusesNamesThatKafkaWouldNotTake() {
    assertThatThrownBy(() -> App.named("a b")).hasMessageContaining("app name");
    assertThatThrownBy(() -> App.named("")).hasMessageContaining("found ''");
    assertThatThrownBy(() -> app.table("-t", Codecs.utf8(), Codecs.utf8(), () -> ""))
        .hasMessageContaining("table name");
  }

  @Test
  void refusesWindowsOfNoSize() {
    Table<String, String> table = app.table("t", Codecs.utf8(), Codecs.utf8(), () -> "");

    assertThatThrownBy(() -> table.tumbling(Duration.ofNanos(1)).retained(Duration.ZERO))
        .hasMessageContaining("at least 1 ms");
    assertThatThrownBy(() -> table.tumbling(Duration.ofSeconds(1)).retained(Duration.ofMillis(-1)))
        .hasMessageContaining("not negative");
  }

  @Test
  void refusesTopicsOfAnotherApp() {
    Topic<String, String> foreign = App.named("b").topic("in", Codecs.utf8(), Codecs.utf8());

    assertThatThrownBy(() -> app.stream(foreign)).hasMessageContaining("in is not one of app app");
    EventStream<String, String> found =
        App.named("c").topics("nyc.*", Codecs.utf8(), Codecs.utf8());
    assertThatThrownBy(() -> app.agent("a", found, _ -> {}))
        .hasMessageContaining("the stream of nyc.* is of app c, and app app is to read it");
    assertThatThrownBy(() -> app.agent("a", foreign, _ -> {}))
        .hasMessageContaining("declare it with app.topic(...)");
  }

  @Test
  void refusesAStreamThatNamesATopicTwice() {
    Topic<String, String> topic = app.topic("in", Codecs.utf8(), Codecs.utf8());

    assertThatThrownBy(() -> app.stream(topic, topic)).hasMessageContaining("topic in twice");
  }

  @Test
  void refusesAGroupByWithoutPartitionsOrWithTheNameOfAnAgent() {
    EventStream<String, String> events = app.stream(app.topic("in", Codecs.utf8(), Codecs.utf8()));
    app.agent("taken", events, _ -> {});

    assertThatThrownBy(() -> events.through("few", -1))
        .hasMessageContaining("groupBy few: a topic has at least one partition");
    assertThatThrownBy(() -> events.groupBy("taken", Codecs.utf8(), Event::value))
        .hasMessageContaining("agent taken is declared twice");
    assertThatThrownBy(() -> events.through("no name")).hasMessageContaining("groupBy name");
  }

  @Test
  void refusesATableBesideSeveralTopicsAndSaysWhatToDo() {
    Topic<String, String> one = app.topic("one", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> two = app.topic("two", Codecs.utf8(), Codecs.utf8());
    Table<String, String> table = app.table("t", Codecs.utf8(), Codecs.utf8(), () -> "");
    app.agent("a", app.stream(one, two), _ -> {}).uses(table);

    assertThatThrownBy(app::topology)
        .hasMessageContaining("[one, two]")
        .hasMessageContaining(".through(...)");
  }

  @Test
  void refusesResultsForAnAgentOfSeveralTopics() {
    Topic<String, String> one = app.topic("one", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> two = app.topic("two", Codecs.utf8(), Codecs.utf8());
    Agent<String, String> several = app.agent("a", app.stream(one, two), _ -> {});

    assertThatThrownBy(() -> Sink.to(several, (String _) -> "k"))
        .hasMessageContaining("agent a reads the stream of [one, two]")
        .hasMessageContaining("send to one of its topics");
  }

  @Test
  void refusesKeysThatExpireInATableThatIsPublishedOrHasWindows() {
    Topic<String, Long> topic = app.topic("first", Codecs.utf8(), Codecs.int64());
    Table<String, Long> published = app.table("p", Codecs.utf8(), Codecs.int64(), () -> 0L);
    Table<String, Long> expiring = app.table("e", Codecs.utf8(), Codecs.int64(), () -> 0L);
    Table<String, Long> windows = app.table("w", Codecs.utf8(), Codecs.int64(), () -> 0L);
    published.publishTo(topic);
    expiring.expireAfter(Duration.ofHours(1));
    windows.tumbling(Duration.ofMinutes(1)).retained(Duration.ZERO);

    assertThatThrownBy(() -> published.expireAfter(Duration.ofHours(1)))
        .hasMessageContaining(
            "table p: the changes of a table whose keys expire cannot be published");
    assertThatThrownBy(() -> expiring.publishTo(topic))
        .hasMessageContaining("table e: the changes of a table whose keys expire");
    assertThatThrownBy(() -> windows.expireAfter(Duration.ofHours(1)))
        .hasMessageContaining("table w has windows")
        .hasMessageContaining("leave out expireAfter(...)");
    assertThatThrownBy(() -> expiring.tumbling(Duration.ofMinutes(1)).retained(Duration.ZERO))
        .hasMessageContaining("leave them out");
    assertThatThrownBy(() -> expiring.expireAfter(Duration.ofNanos(1)))
        .hasMessageContaining("at least 1 ms");
  }

  @Test
  void refusesASecondThingToDoAfterARecovery() {
    Table<String, Long> table = app.table("t", Codecs.utf8(), Codecs.int64(), () -> 0L);
    table.onRecovered((_, _) -> {});

    assertThatThrownBy(() -> table.onRecovered((_, _) -> {}))
        .hasMessageContaining("table t has an onRecovered(...) already");
  }

  @Test
  void publishesATableToOneTopicOfItsOwn() {
    Topic<String, Long> first = app.topic("first", Codecs.utf8(), Codecs.int64());
    Topic<String, Long> second = app.topic("second", Codecs.utf8(), Codecs.int64());
    Topic<String, Long> foreign = App.named("other").topic("first", Codecs.utf8(), Codecs.int64());
    Table<String, Long> table = app.table("t", Codecs.utf8(), Codecs.int64(), () -> 0L);

    assertThatThrownBy(() -> table.publishTo(foreign)).hasMessageContaining("is not one of app");
    assertThat(table.publishTo(first)).isSameAs(table);
    assertThatThrownBy(() -> table.publishTo(second))
        .hasMessageContaining("is published to first already");

    app.agent("a", first, _ -> {}).uses(table);
    assertThat(app.topology().tablesByTopic().get("first"))
        .containsExactly(TableSpec.plain("t").publishedTo("first"));
  }

  @Test
  void refusesToPublishWindows() {
    Topic<String, Long> topic = app.topic("first", Codecs.utf8(), Codecs.int64());
    Table<String, Long> before = app.table("before", Codecs.utf8(), Codecs.int64(), () -> 0L);
    Table<String, Long> after = app.table("after", Codecs.utf8(), Codecs.int64(), () -> 0L);

    before.publishTo(topic);
    assertThatThrownBy(() -> before.tumbling(Duration.ofMinutes(1)).retained(Duration.ZERO))
        .hasMessageContaining("table before: the changes of a windowed table cannot be published");

    after.tumbling(Duration.ofMinutes(1)).retained(Duration.ZERO);
    assertThatThrownBy(() -> after.publishTo(topic))
        .hasMessageContaining("table after: the changes of a windowed table cannot be published");
  }

  @Test
  void showsItsTopicsAndTablesWithTheirCodecs() {
    Topic<String, Long> in = app.topic("in", Codecs.utf8(), Codecs.int64());
    Table<String, Long> plain = app.table("plain", Codecs.utf8(), Codecs.int64(), () -> 0L);
    WindowedTable<String, Long> windows =
        app.table("windows", Codecs.utf8(), Codecs.int64(), () -> 0L)
            .tumbling(Duration.ofMinutes(1))
            .retained(Duration.ofHours(1));

    List<Topic<?, ?>> topics = app.topics();
    List<DeclaredTable<?, ?>> tables = app.tables();

    assertThat(topics).hasSize(1).allMatch(topic -> topic == in);
    assertThat(tables).map(DeclaredTable::name).containsExactly("plain", "windows");
    assertThat(tables.getLast()).as("as it was in the end").isSameAs(windows);
    assertThat(plain.values().decode(plain.values().encode(7L))).isEqualTo(7);
    assertThat(windows.keys().decode(in.keys().encode("k"))).isEqualTo("k");
    assertThat(windows.size()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void bindsAgentsToTheirTopicsAndTables() {
    Topic<String, String> in = app.topic("in", Codecs.utf8(), Codecs.utf8());
    app.topic("out", Codecs.utf8(), Codecs.utf8());
    Table<String, String> plain = app.table("plain", Codecs.utf8(), Codecs.utf8(), () -> "");
    WindowedTable<String, String> windows =
        app.table("windows", Codecs.utf8(), Codecs.utf8(), () -> "")
            .tumbling(Duration.ofMinutes(1))
            .retained(Duration.ofHours(1));
    // declared after the agent was made: complete when the worker starts
    app.agent("a", in, _ -> {}).uses(plain).uses(windows).onFailure(new FailurePolicy.StopWorker());

    assertThat(app.topology().topics()).containsExactly("in", "out");
    assertThat(app.topology().tablesByTopic().get("in"))
        .containsExactly(
            TableSpec.plain("plain"), TableSpec.windowed("windows", 60_000, 3_600_000));
    assertThat(app.topology().agentsByTopic().get("in"))
        .singleElement()
        .satisfies(agent -> assertThat(agent.policy()).isEqualTo(new FailurePolicy.StopWorker()));
  }

  @Test
  void worksInsideHandlersOnly() {
    Topic<String, String> topic = app.topic("in", Codecs.utf8(), Codecs.utf8());
    Table<String, String> table = app.table("t", Codecs.utf8(), Codecs.utf8(), () -> "");

    assertThatThrownBy(() -> topic.send("k", "v"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("inside a handler only");
    assertThatThrownBy(() -> table.get("k")).hasMessageContaining("Worker.view(table)");
  }

  @Test
  void refusesToReadAKeyThatLivesInAnotherPartition() {
    Table<String, String> table = app.table("t", Codecs.utf8(), Codecs.utf8(), () -> "");
    WindowedTable<String, String> windows =
        app.table("w", Codecs.utf8(), Codecs.utf8(), () -> "")
            .tumbling(Duration.ofSeconds(1))
            .retained(Duration.ZERO);
    FakeSurroundings surroundings = new FakeSurroundings();
    List<String> errors = new ArrayList<>();
    TestApp running =
        new TestApp(surroundings)
            .partitions(1_000)
            .table(TableSpec.plain("t"))
            .table(TableSpec.windowed("w", 1_000, 0))
            .agent((_, _) -> {
              assertThat(table.get("own")).isEmpty();
              for (Runnable read :
                  List.<Runnable>of(() -> table.get("foreign"), () -> windows.current("foreign"))) {
                try {
                  read.run();
                } catch (IllegalStateException refused) {
                  errors.add(String.valueOf(refused.getMessage()));
                }
              }
            });

    running.begun(0).offer(List.of(TestApp.record(0, "own", "v")), 1);
    surroundings.runAll();

    assertThat(running.fatal()).isEmpty();
    assertThat(errors)
        .hasSize(2)
        .allSatisfy(
            error -> assertThat(error).contains("the key belongs to partition", "Re-key first"));
  }

  @Test
  void refusesBytesThatAreNoValue() {
    assertThat(Codecs.utf8().decode(Codecs.utf8().encode("gr\u00fcn \uFFFD")))
        .isEqualTo("gr\u00fcn \uFFFD");
    assertThatThrownBy(() -> Codecs.utf8().decode(new byte[] {'a', (byte) 0xff}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected UTF-8")
        .hasMessageContaining("61ff");
    assertThat(Codecs.int64().decode(Codecs.int64().encode(-7L))).isEqualTo(-7L);
    assertThatThrownBy(() -> Codecs.int64().decode(new byte[7])).hasMessageContaining("found 7");
    assertThatThrownBy(() -> Codecs.json(Money.class).decode(TestApp.bytes("null")))
        .hasMessageContaining("null");
    assertThat(text(Codecs.json(Money.class).encode(new Money(3)))).isEqualTo("{\"cents\":3}");
  }

  record Money(long cents) {}

  @Test
  void knowsAnEventByItsIdAndItsPlace() {
    ConsumerRecord<byte[], byte[]> record = TestApp.record(7, "k", "v");
    Event<String, String> plain = new Event<>(record, "k", null);
    record.headers().add(Event.ID_HEADER, Codecs.int64().encode(42L));
    Event<String, String> withId = new Event<>(record, null, "v");

    assertThat(withId.id()).isEqualTo(42);
    assertThat(plain.idempotencyKey()).isEqualTo("in-0-7");
    assertThat(plain.isTombstone()).isTrue();
    assertThat(withId.hasKey()).isFalse();
    assertThatThrownBy(plain::value).hasMessageContaining("in-0@7 is a tombstone");
    assertThatThrownBy(withId::key).hasMessageContaining("hasKey()");
    assertThat(List.of(new Event<>(TestApp.record(7, "k", "v"), "k", "v").id()))
        .as("without a header the place makes it")
        .containsExactly(new Event<>(TestApp.record(7, "other", "w"), "k", "v").id());
  }
}
