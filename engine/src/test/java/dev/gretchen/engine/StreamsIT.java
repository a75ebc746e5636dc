package dev.gretchen.engine;

import static dev.gretchen.engine.KafkaBroker.bytes;
import static dev.gretchen.engine.KafkaBroker.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Streams on a real broker: topics between agents, topics that are found, two workers.
class StreamsIT {

  @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

  private static final Duration BOUND = Duration.ofSeconds(40);

  @TempDir Path directory;

  /// Years old: retention by event time would delete it from the topic between at once.
  @Test
  void countsByAnotherKeyWhateverTheEventTimeIsAndMovesToAnotherWorker() throws Exception {
    KAFKA.createTopic("views", 3);
    KAFKA.createTopic("counts", 3);
    try (Worker _ = start(counting("pages"), "w1")) {
      send("views", 600);
      awaitCounts("counts", 120);
      assertThat(KAFKA.committed("pages-by-page-repartition"))
          .hasSize(600)
          .allSatisfy(record -> {
            assertThat(record.timestamp()).isEqualTo(1_000);
            assertThat(record.headers().headers("gretchen-lineage")).hasSize(1);
            assertThat(text(record.headers().lastHeader("of").value())).isEqualTo("the producer");
          });
      try (Worker _ = start(counting("pages"), "w2")) {
        send("views", 600);
        awaitCounts("counts", 240);
      }
      send("views", 300);
      awaitCounts("counts", 300);
    }
    assertThat(latest("pages-total-changelog")).hasSize(5);
  }

  @Test
  void findsTopicsThatAreMadeWhileTwoWorkersRun() throws Exception {
    KAFKA.createTopic("seen", 1);
    KAFKA.createTopic("nyc.soho.chat", 2);
    try (Worker _ = start(telling("chats"), "w1");
        Worker _ = start(telling("chats"), "w2")) {
      KAFKA.send(new ProducerRecord<>("nyc.soho.chat", bytes("a"), bytes("hi")));
      awaitSeen(1);
      KAFKA.createTopic("nyc.harlem.chat", 4);
      for (int i = 0; i < 20; i++) {
        KAFKA.send(new ProducerRecord<>("nyc.harlem.chat", i % 4, bytes("a"), bytes("hi")));
      }
      KAFKA.send(new ProducerRecord<>("nyc.soho.chat", bytes("a"), bytes("hi")));
      awaitSeen(22);
    }
  }

  private static App counting(String name) {
    App app = App.named(name);
    Topic<String, String> views = app.topic("views", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> counts = app.topic("counts", Codecs.utf8(), Codecs.utf8());
    Table<String, String> total = app.table("total", Codecs.utf8(), Codecs.utf8(), () -> "0");
    app.agent(
            "count",
            app.stream(views).groupBy("by-page", Codecs.utf8(), Event::value),
            event ->
                counts.send(
                    event.key(),
                    total.merge(
                        event.key(),
                        1L,
                        (before, one) -> Long.toString(Long.parseLong(before) + one))))
        .uses(total);
    return app;
  }

  private static App telling(String name) {
    App app = App.named(name);
    Topic<String, String> seen = app.topic("seen", Codecs.utf8(), Codecs.utf8());
    app.agent(
        "tell",
        app.topics("nyc.*.chat", Codecs.utf8(), Codecs.utf8()),
        event -> seen.send(event.topic(), event.value()));
    return app;
  }

  private static void send(String topic, int events) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic, null, 1_000L, bytes("user" + i % 31), bytes("page" + i % 5));
      record.headers().add("of", bytes("the producer"));
      records.add(record);
    }
    KAFKA.send(records);
  }

  private static Map<String, String> latest(String topic) throws Exception {
    return new TreeMap<>(KAFKA.latest(topic));
  }

  private static void awaitCounts(String topic, int each) {
    await()
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(300))
        .untilAsserted(() ->
            assertThat(latest(topic))
                .hasSize(5)
                .allSatisfy((_, count) -> assertThat(count).isEqualTo("" + each)));
  }

  private static void awaitSeen(int events) {
    await()
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(300))
        .until(() -> KAFKA.committed("seen"), seen -> hasAll(seen, events));
  }

  private static boolean hasAll(List<ConsumerRecord<byte[], byte[]>> seen, int events) {
    return seen.size() == events;
  }

  private Worker start(App app, String worker) {
    return Worker.start(
        app,
        WorkerOptions.of(
            List.of(
                "--bootstrap=" + KAFKA.bootstrap(),
                "--worker=" + worker,
                "--state-dir=" + directory.resolve(worker)),
            Map.of()));
  }
}
