package dev.gretchen.engine;

import static dev.gretchen.engine.KafkaBroker.bytes;
import static dev.gretchen.engine.KafkaBroker.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The engine on a real broker, with real RocksDB.
class WorkerIT {

  @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final int PARTITIONS = 3;

  @TempDir Path directory;

  @Test
  void keepsItsTablesOverACleanRestartAndReplaysNothing() throws Exception {
    String name = "restart";
    KAFKA.createTopic(name + "-in", PARTITIONS);
    KAFKA.createTopic(name + "-out", PARTITIONS);
    AtomicInteger handled = new AtomicInteger();
    try (Worker worker = start(counting(name, handled), "w1")) {
      KAFKA.send(words(name + "-in", 600, 20));
      awaitOutputs(name + "-out", 600);
      assertThat(worker.httpPort()).isPositive();
    }
    try (Worker worker = start(counting(name, handled), "w1")) {
      KAFKA.send(words(name + "-in", 600, 20));
      awaitOutputs(name + "-out", 1_200);
      assertThat(get(worker, "/metrics"))
          .contains("gretchen_recovered_records_total 0.0")
          .doesNotContain("gretchen_recoveries_total 0.0");
    }
    assertThat(handled).hasValue(1_200);
    assertThat(KAFKA.latest(name + "-out"))
        .hasSize(20)
        .allSatisfy((_, count) -> assertThat(count).isEqualTo("60"));
  }

  @Test
  void bringsATableBackFromItsChangelogWhereTheDiskIsEmpty() throws Exception {
    String name = "wiped";
    KAFKA.createTopic(name + "-in", PARTITIONS);
    KAFKA.createTopic(name + "-out", PARTITIONS);
    AtomicInteger handled = new AtomicInteger();
    try (Worker worker = start(counting(name, handled), "w1")) {
      KAFKA.send(words(name + "-in", 300, 10));
      awaitOutputs(name + "-out", 300);
      assertThat(worker).isNotNull();
    }
    try (Worker worker = start(counting(name, handled), "other-disk")) {
      KAFKA.send(words(name + "-in", 100, 10));
      awaitOutputs(name + "-out", 400);
      assertThat(get(worker, "/metrics")).doesNotContain("gretchen_recovered_records_total 0.0");
      // outputs come before it: a member is ready when a second has passed without a rebalance
      await()
          .atMost(BOUND)
          .untilAsserted(() -> assertThat(get(worker, "/readyz")).isEqualTo("ready\n"));
    }
    assertThat(handled).hasValue(400);
    assertThat(KAFKA.latest(name + "-out"))
        .hasSize(10)
        .allSatisfy((_, count) -> assertThat(count).isEqualTo("40"));
  }

  @Test
  void writesOneChangelogRecordForAKeyAndACommit() throws Exception {
    String name = "dedup";
    KAFKA.createTopic(name + "-in", 1);
    KAFKA.createTopic(name + "-out", 1);
    KAFKA.send(words(name + "-in", 2_000, 2));
    try (Worker worker = start(counting(name, new AtomicInteger()), "w1")) {
      awaitOutputs(name + "-out", 2_000);
      assertThat(worker).isNotNull();
    }
    List<ConsumerRecord<byte[], byte[]>> changelog = KAFKA.committed(name + "-count-changelog");
    assertThat(changelog.size()).isBetween(2, 1_000);
    assertThat(text(changelog.getLast().value())).isEqualTo("1000");
    assertThat(text(changelog.getLast().headers().lastHeader("gretchen-lineage").value()))
        .startsWith("v1,dedup-in,0,");
  }

  @Test
  void sendsWhatCannotBeDecodedOrHandledToTheDeadLetterTopicAndGoesOn() throws Exception {
    String name = "dead";
    KAFKA.createTopic(name + "-in", 1);
    KAFKA.createTopic(name + "-out", 1);
    App app = App.named(name);
    Topic<String, Long> in = app.topic(name + "-in", Codecs.utf8(), Codecs.int64());
    Topic<String, Long> out = app.topic(name + "-out", Codecs.utf8(), Codecs.int64());
    Table<String, Long> seen = app.table("seen", Codecs.utf8(), Codecs.int64(), () -> 0L);
    AtomicInteger attempts = new AtomicInteger();
    app.agent(
            "agent",
            in,
            event -> {
              seen.put(event.key(), event.value());
              out.send(event.key(), event.value());
              if (event.value() == 13) {
                attempts.incrementAndGet();
                throw new IllegalStateException("thirteen");
              }
            })
        .uses(seen)
        .onFailure(new FailurePolicy.DeadLetter(2, Duration.ofMillis(1)));
    KAFKA.send(
        new ProducerRecord<>(name + "-in", bytes("a"), Codecs.int64().encode(1L)),
        new ProducerRecord<>(name + "-in", bytes("b"), bytes("no long")),
        new ProducerRecord<>(name + "-in", bytes("c"), Codecs.int64().encode(13L)),
        new ProducerRecord<>(name + "-in", bytes("d"), Codecs.int64().encode(4L)));
    try (Worker worker = start(app, "w1")) {
      awaitOutputs(name + "-out", 2);
      await().atMost(BOUND).until(() -> KAFKA.committed(name + "-dead-letters").size() == 2);
      assertThat(worker).isNotNull();
    }
    assertThat(attempts).hasValue(3);
    List<ConsumerRecord<byte[], byte[]>> dead = KAFKA.committed(name + "-dead-letters");
    assertThat(header(dead.get(0), "gretchen-dead-letter-reason"))
        .contains("cannot decode", "expected 8 bytes");
    assertThat(header(dead.get(0), "gretchen-dead-letter-source")).isEqualTo(name + "-in-0@1");
    assertThat(dead.get(0).value()).isEqualTo(bytes("no long"));
    assertThat(header(dead.get(1), "gretchen-dead-letter-reason")).contains("thirteen");
    assertThat(header(dead.get(1), "gretchen-dead-letter-stack")).contains("IllegalStateException");
    // nothing of the failed event took effect
    assertThat(KAFKA.committed(name + "-seen-changelog"))
        .extracting(record -> text(record.key()).substring(1))
        .containsExactlyInAnyOrder("a", "d");
  }

  @Test
  void stopsWithTheEventUnappliedWhereThePolicySaysSo() throws Exception {
    String name = "stopping";
    KAFKA.createTopic(name + "-in", 1);
    KAFKA.createTopic(name + "-out", 1);
    App app = App.named(name);
    Topic<String, String> in = app.topic(name + "-in", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> out = app.topic(name + "-out", Codecs.utf8(), Codecs.utf8());
    app.agent(
            "agent",
            in,
            event -> {
              if (event.value().equals("stop")) {
                throw new IllegalStateException("asked to stop");
              }
              out.send(
                  event.key(), event.value().equals("large") ? "x".repeat(2 << 20) : event.value());
            })
        .onFailure(new FailurePolicy.StopWorker());
    KAFKA.send(
        word(name + "-in", "a", "small"),
        word(name + "-in", "b", "stop"),
        word(name + "-in", "c", "never"));
    try (Worker worker = start(app, "w1")) {
      await().atMost(BOUND).until(() -> worker.awaitFailure(Duration.ofMillis(10)) != null);
      assertThat(worker.awaitFailure(Duration.ZERO)).hasMessageContaining(name + "-in-0@1");
    }
    assertThat(KAFKA.committed(name + "-out"))
        .extracting(record -> text(record.key()))
        .containsExactly("a");
  }

  @Test
  void deadLettersAnEventWhoseEffectsAreTooLargeForTheClientOrTheBroker() throws Exception {
    String name = "large";
    KAFKA.createTopic(name + "-in", 1);
    KAFKA.createTopic(name + "-out", 1, Map.of("max.message.bytes", "10000"));
    App app = App.named(name);
    Topic<String, String> in = app.topic(name + "-in", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> out = app.topic(name + "-out", Codecs.utf8(), Codecs.utf8());
    app.agent(
        "agent", in, event -> out.send(event.key(), "x".repeat(Integer.parseInt(event.value()))));
    KAFKA.send(
        word(name + "-in", "small", "10"),
        word(name + "-in", "for the client", "2000000"),
        word(name + "-in", "for the broker", "20000"),
        word(name + "-in", "small too", "20"));
    try (Worker worker = start(app, "w1")) {
      awaitOutputs(name + "-out", 2);
      await().atMost(BOUND).until(() -> KAFKA.committed(name + "-dead-letters").size() == 2);
      assertThat(worker).isNotNull();
    }
    assertThat(KAFKA.committed(name + "-out"))
        .extracting(record -> text(record.key()))
        .containsExactly("small", "small too");
    assertThat(KAFKA.committed(name + "-dead-letters"))
        .extracting(record -> text(record.key()))
        .containsExactly("for the client", "for the broker");
  }

  @Test
  void aBlockingHandlerHoldsUpNoOtherPartition() throws Exception {
    String name = "blocking";
    KAFKA.createTopic(name + "-in", 2);
    KAFKA.createTopic(name + "-out", 1);
    CountDownLatch release = new CountDownLatch(1);
    App app = App.named(name);
    Topic<String, String> in = app.topic(name + "-in", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> out = app.topic(name + "-out", Codecs.utf8(), Codecs.utf8());
    app.agent(
        "agent",
        in,
        event -> {
          if (event.value().equals("block")) {
            release.await();
          }
          out.send(event.key(), event.value());
        });
    KAFKA.send(
        new ProducerRecord<>(name + "-in", 0, bytes("early"), bytes("done before")),
        new ProducerRecord<>(name + "-in", 0, bytes("slow"), bytes("block")));
    try (Worker worker = start(app, "w1")) {
      awaitOutputs(name + "-out", 1);
      KAFKA.send(new ProducerRecord<>(name + "-in", 1, bytes("quick"), bytes("other partition")));
      awaitOutputs(name + "-out", 2);
      assertThat(KAFKA.latest(name + "-out")).containsOnlyKeys("early", "quick");
      release.countDown();
      awaitOutputs(name + "-out", 3);
      assertThat(worker).isNotNull();
    }
  }

  @Test
  void dropsExpiredWindowsFromChangelogAndStoreAndCountsLateEvents() throws Exception {
    String name = "windows";
    KAFKA.createTopic(name + "-in", 1);
    App app = App.named(name);
    Topic<String, String> in = app.topic(name + "-in", Codecs.utf8(), Codecs.utf8());
    WindowedTable<String, Long> perSecond =
        app.table("second", Codecs.utf8(), Codecs.int64(), () -> 0L)
            .tumbling(Duration.ofSeconds(1))
            .retained(Duration.ofSeconds(2));
    app.agent("agent", in, event -> perSecond.merge(event.key(), 1L, Long::sum)).uses(perSecond);
    long start = 1_700_000_000_000L;
    try (Worker worker = start(app, "w1")) {
      KAFKA.send(
          at(name + "-in", start), at(name + "-in", start + 999), at(name + "-in", start + 1_000));
      await().atMost(BOUND).until(() -> dataRecords(name).size() >= 2);
      // stream time 5 s on: windows that ended 2 s before it or earlier go
      KAFKA.send(at(name + "-in", start + 5_000));
      await()
          .atMost(BOUND)
          .until(() ->
              dataRecords(name).stream().filter(record -> record.value() == null).count() == 2);
      // an event for a dropped window is late, also after a restart
      KAFKA.send(at(name + "-in", start + 1_000));
      await()
          .atMost(BOUND)
          .until(() ->
              get(worker, "/metrics").contains("gretchen_events_late_total{table=\"second\"} 1.0"));
    }
    try (Worker worker = start(app, "another-disk")) {
      KAFKA.send(at(name + "-in", start + 1_000), at(name + "-in", start + 5_500));
      await()
          .atMost(BOUND)
          .until(() ->
              get(worker, "/metrics").contains("gretchen_events_late_total{table=\"second\"} 1.0"));
      await().atMost(BOUND).until(() -> get(worker, "/verify/second/0").contains("\"records\":1"));
    }
    assertThat(Codecs.int64().decode(dataRecords(name).getLast().value())).isEqualTo(2);
  }

  @Test
  void refusesADirectoryThatAnotherWorkerHasOpen() throws Exception {
    String name = "twice";
    KAFKA.createTopic(name + "-in", 1);
    KAFKA.createTopic(name + "-out", 1);
    try (Worker worker = start(counting(name, new AtomicInteger()), "w1")) {
      assertThat(worker).isNotNull();
      assertThatThrownBy(() -> start(counting(name, new AtomicInteger()), "w1"))
          .hasMessageContaining("state directory")
          .hasMessageContaining("is in use by process " + ProcessHandle.current().pid() + ";");
    }
  }

  @Test
  void letsGoOfItsDirectoryWhenItCannotStart() throws Exception {
    String name = "half-started";
    KAFKA.createTopic(name + "-in", 1);
    KAFKA.createTopic(name + "-out", 1);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      App app = counting(name, new AtomicInteger());
      assertThatThrownBy(() -> start(app, "w1", "--http-port=" + taken.getLocalPort()))
          .hasMessageContaining("HTTP port " + taken.getLocalPort());
    }
    try (Worker worker = start(counting(name, new AtomicInteger()), "w1")) {
      assertThat(worker.httpPort()).isPositive();
    }
  }

  @Test
  void endsUnderAHandlerThatGoesOnReadingItsTable() throws Exception {
    String name = "still-reading";
    KAFKA.createTopic(name + "-in", 1);
    CountDownLatch reading = new CountDownLatch(1);
    AtomicReference<Throwable> end = new AtomicReference<>();
    App app = App.named(name);
    Topic<String, String> in = app.topic(name + "-in", Codecs.utf8(), Codecs.utf8());
    Table<String, String> table = app.table("t", Codecs.utf8(), Codecs.utf8(), () -> "");
    app.agent(
            "agent",
            in,
            event -> {
              try {
                while (table.get(event.key()).isEmpty()) {
                  reading.countDown();
                }
              } catch (RuntimeException ended) {
                end.set(ended);
                throw ended;
              }
            })
        .uses(table);
    KAFKA.send(word(name + "-in", "a", "1"));
    try (Worker worker = start(app, "w1")) {
      assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(worker).isNotNull();
    }
    await().atMost(BOUND).until(() -> end.get() != null);
    assertThat(end.get()).hasMessageContaining("the worker has stopped");
  }

  @Test
  void refusesATopicThatDoesNotExistAndAChangelogThatDoesNotFit() throws Exception {
    App missing = counting("missing", new AtomicInteger());
    assertThatThrownBy(() -> start(missing, "w1"))
        .hasMessageContaining("topic missing-in")
        .hasMessageContaining("does not exist");
    KAFKA.createTopic("unfit-in", 2);
    KAFKA.createTopic("unfit-out", 2);
    KAFKA.createTopic("unfit-count-changelog", 1);
    App unfit = counting("unfit", new AtomicInteger());
    assertThatThrownBy(() -> start(unfit, "w1"))
        .hasMessageContaining("unfit-count-changelog has 1 partitions")
        .hasMessageContaining("has 2");
  }

  @Test
  void tellsWhoTouchesAKeyOfAnotherPartition() throws Exception {
    String name = "foreign";
    KAFKA.createTopic(name + "-in", PARTITIONS);
    App app = App.named(name);
    Topic<String, String> in = app.topic(name + "-in", Codecs.utf8(), Codecs.utf8());
    Table<String, Long> byValue = app.table("by-value", Codecs.utf8(), Codecs.int64(), () -> 0L);
    app.agent("agent", in, event -> byValue.merge(event.value(), 1L, Long::sum))
        .uses(byValue)
        .onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      records.add(new ProducerRecord<>(name + "-in", partition, bytes("key"), bytes("one value")));
    }
    KAFKA.send(records);
    try (Worker worker = start(app, "w1")) {
      await()
          .atMost(BOUND)
          .until(() -> KAFKA.committed(name + "-dead-letters").size() == PARTITIONS - 1);
      assertThat(worker).isNotNull();
    }
    assertThat(
            header(
                KAFKA.committed(name + "-dead-letters").getFirst(), "gretchen-dead-letter-reason"))
        .contains("belongs to partition", "Re-key first");
  }

  @Test
  void keepsTablesExactAtLeastOnce() throws Exception {
    String name = "at-least-once";
    KAFKA.createTopic(name + "-in", PARTITIONS);
    KAFKA.createTopic(name + "-out", PARTITIONS);
    KAFKA.send(words(name + "-in", 500, 10));
    try (Worker worker =
        start(counting(name, new AtomicInteger()), "w1", "--guarantee=at-least-once")) {
      awaitOutputs(name + "-out", 500);
      await()
          .atMost(BOUND)
          .untilAsserted(() ->
              assertThat(KAFKA.latest(name + "-count-changelog"))
                  .hasSize(10)
                  .allSatisfy((_, count) -> assertThat(count).isEqualTo("50")));
      assertThat(worker).isNotNull();
    }
  }

  private Worker start(App app, String worker, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--bootstrap=" + KAFKA.bootstrap(),
                "--worker=" + worker,
                "--state-dir=" + directory.resolve(worker)));
    arguments.addAll(List.of(more));
    return Worker.start(app, WorkerOptions.of(arguments, Map.of()));
  }

  /// Counts by key and sends each count, as text.
  private static App counting(String name, AtomicInteger handled) {
    App app = App.named(name);
    Codec<String> text = Codecs.utf8();
    Topic<String, String> in = app.topic(name + "-in", text, text);
    Topic<String, String> out = app.topic(name + "-out", text, text);
    Table<String, String> count = app.table("count", text, text, () -> "0");
    app.agent(
            "count",
            in,
            event -> {
              handled.incrementAndGet();
              out.send(
                  event.key(),
                  count.merge(
                      event.key(),
                      1L,
                      (before, one) -> Long.toString(Long.parseLong(before) + one)));
            })
        .uses(count);
    return app;
  }

  private static List<ProducerRecord<byte[], byte[]>> words(String topic, int events, int keys) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      records.add(word(topic, "key" + i % keys, "value" + i));
    }
    return records;
  }

  private static ProducerRecord<byte[], byte[]> word(String topic, String key, String value) {
    return new ProducerRecord<>(topic, bytes(key), bytes(value));
  }

  private static ProducerRecord<byte[], byte[]> at(String topic, long timestamp) {
    return new ProducerRecord<>(topic, null, timestamp, bytes("key"), bytes("value"));
  }

  private static List<ConsumerRecord<byte[], byte[]>> dataRecords(String name) throws Exception {
    return KAFKA.committed(name + "-second-changelog").stream()
        .filter(record -> record.key()[0] != 0)
        .toList();
  }

  private static void awaitOutputs(String topic, int count) {
    await()
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> KAFKA.committed(topic).size() >= count);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return text(record.headers().lastHeader(name).value());
  }

  private static String get(Worker worker, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + worker.httpPort() + path))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
