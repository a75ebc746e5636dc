package dev.gretchen.engine;

import static dev.gretchen.engine.KafkaBroker.bytes;
import static dev.gretchen.engine.KafkaBroker.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Windows on a real broker: what is done when they close through kills, what comes late, what
/// stays of them.
class WindowsIT {

  @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

  private static final Duration BOUND = Duration.ofSeconds(40);
  private static final int PARTITIONS = 2;
  private static final int KEYS = 7;
  private static final long STEP_MILLIS = 40;
  private static final long SIZE_MILLIS = WindowingWorker.SIZE.toMillis();
  private static final long RETENTION_MILLIS = WindowingWorker.RETENTION.toMillis();

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path directory = Path.of("");

  @Test
  void eachWindowIsClosedOnceWithAllItsEventsThroughKillsAndALostDisk() throws Exception {
    String name = "closing";
    createTopics(name);
    int events = 0;
    try (Processes processes = Processes.openTemporary(directory.resolve("processes"))) {
      Child first = start(processes, name, "first", "disk");
      events = send(name, events, 3_000);
      awaitClosed(name, KEYS * 5);
      // it has all of these before it, and is killed somewhere among them
      events = send(name, events, 6_000);
      first.kill();

      Child second = start(processes, name, "second", "disk");
      awaitClosed(name, KEYS * 20);
      events = send(name, events, 9_000);
      second.kill();

      // what has closed is known from the changelog alone
      Child third = start(processes, name, "third", "empty");
      events = send(name, events, 9_400);
      awaitClosed(name, KEYS * closed(events));
      assertThat(third.terminate(BOUND)).hasValue(0);
    }
    assertThat(KAFKA.committed(name + "-closed"))
        .extracting(record -> text(record.key()) + "@" + text(record.value()))
        .containsExactlyInAnyOrderElementsOf(truth(events));
    assertThat(KAFKA.committed(name + "-closed"))
        .allSatisfy(record ->
            assertThat(record.timestamp() + 1)
                .isEqualTo(start(text(record.value())) + SIZE_MILLIS));
    assertThat(KAFKA.committed(name + "-late")).isEmpty();
  }

  @Test
  void whatIsLateGoesToItsTopicAsItCameAndWhatHasExpiredLeavesTheChangelog() throws Exception {
    String name = "leaving";
    createTopics(name);
    try (Worker _ = start(name, "w1")) {
      int events = send(name, 0, 3_000);
      awaitClosed(name, KEYS * closed(events));
      ProducerRecord<byte[], byte[]> late =
          new ProducerRecord<>(name + "-in", null, 12_345L, bytes("k3"), bytes("where was I"));
      late.headers().add("of", bytes("the producer"));
      late.headers().add("gretchen-lineage", bytes("what another app wrote of its own"));
      KAFKA.send(late);
      await().atMost(BOUND).until(() -> !KAFKA.committed(name + "-late").isEmpty());

      assertThat(KAFKA.committed(name + "-late"))
          .singleElement()
          .satisfies(record -> {
            assertThat(text(record.key())).isEqualTo("k3");
            assertThat(text(record.value())).isEqualTo("where was I");
            assertThat(record.timestamp()).isEqualTo(12_345L);
            assertThat(header(record, "of")).isEqualTo("the producer");
            assertThat(header(record, "gretchen-late-table")).isEqualTo("counts");
            assertThat(header(record, "gretchen-late-windows")).isEqualTo("10000");
            assertThat(record.headers().headers("gretchen-lineage")).hasSize(1);
          });
      assertThat(KAFKA.committed(name + "-closed")).hasSize(KEYS * closed(events));
      assertThat(windowsOf(name + "-counts-changelog"))
          .hasSize(KEYS)
          .allSatisfy((key, _) ->
              assertThat(StoreKeys.windowStart(key.bytes()))
                  .isEqualTo(closed(events) * SIZE_MILLIS));
    }
  }

  @Test
  void whatHasExpiredLeavesTheStandbysStoreToo() throws Exception {
    String name = "copied";
    createTopics(name);
    try (Worker first = start(name, "w1");
        Worker second = start(name, "w2")) {
      await().atMost(BOUND).until(() -> held(first).size() == 2 && held(second).size() == 2);
      int events = send(name, 0, 3_000);
      awaitClosed(name, KEYS * closed(events));

      await()
          .atMost(BOUND)
          .untilAsserted(() -> {
            assertThat(held(first)).isEqualTo(held(second));
            assertThat(held(first).values().stream().mapToInt(Integer::intValue).sum())
                .as("of each key the window that is open")
                .isEqualTo(KEYS);
          });
    }
  }

  private static void createTopics(String name) throws Exception {
    KAFKA.createTopic(name + "-in", PARTITIONS);
    KAFKA.createTopic(name + "-closed", 1);
    KAFKA.createTopic(name + "-late", 1);
  }

  private static long time(int event) {
    return event * STEP_MILLIS;
  }

  private static String key(int event) {
    return "k" + event % KEYS;
  }

  /// Sends events on, each a step after the one before, so that none is late in its partition.
  private static int send(String name, int from, int to) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(
          new ProducerRecord<>(
              name + "-in", null, time(i), bytes(key(i)), bytes(Integer.toString(i))));
    }
    KAFKA.send(records);
    return to;
  }

  /// How many windows of a key the last events of the partitions close. Between those lie a few
  /// steps, which make no difference where a test ends well within a window.
  private static int closed(int events) {
    return Math.toIntExact((time(events - 1) - RETENTION_MILLIS) / SIZE_MILLIS);
  }

  private static List<String> truth(int events) {
    int closed = closed(events);
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (int i = 0; i < events; i++) {
      long window = time(i) / SIZE_MILLIS;
      if (window < closed) {
        counts.merge(key(i) + "@" + window * SIZE_MILLIS, 1, Integer::sum);
      }
    }
    List<String> truth = new ArrayList<>();
    counts.forEach((window, count) -> truth.add(window + "=" + count));
    return truth;
  }

  private static long start(String closed) {
    return Long.parseLong(closed.substring(0, closed.indexOf('=')));
  }

  private static void awaitClosed(String name, int atLeast) {
    await()
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() ->
            assertThat(KAFKA.committed(name + "-closed")).hasSizeGreaterThanOrEqualTo(atLeast));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return text(record.headers().lastHeader(name).value());
  }

  /// What a changelog holds of windows, once it is compacted.
  private static Map<ByteKey, byte[]> windowsOf(String changelog) throws Exception {
    Map<ByteKey, byte[]> left = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : KAFKA.committed(changelog)) {
      ByteKey key = new ByteKey(record.key());
      if (record.value() == null) {
        left.remove(key);
      } else if (record.key()[0] == StoreKeys.WINDOWED) {
        left.put(key, record.value());
      }
    }
    return left;
  }

  /// How many windows a worker holds of each partition, as owner or as standby.
  private static Map<Integer, Integer> held(Worker worker) throws Exception {
    Map<Integer, Integer> records = new TreeMap<>();
    for (JsonNode each : JSON.readTree(get(worker, "/verify")).values()) {
      if (each.path("state").asString().equals("running")) {
        int partition = each.path("partition").asInt();
        JsonNode store = JSON.readTree(get(worker, "/verify/counts/" + partition));
        records.put(partition, store.path("records").asInt());
      }
    }
    return records;
  }

  private static String get(Worker worker, String path) throws Exception {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + worker.httpPort() + path))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private Worker start(String name, String worker) {
    return Worker.start(
        WindowingWorker.app(name),
        WorkerOptions.of(
            List.of(
                "--bootstrap=" + KAFKA.bootstrap(),
                "--worker=" + worker,
                "--state-dir=" + directory.resolve(name + "-" + worker),
                "--standbys=1"),
            Map.of()));
  }

  private Child start(Processes processes, String app, String life, String disk) {
    return processes.start(
        new Launch(
            life,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                WindowingWorker.class.getName(),
                app,
                "--bootstrap=" + KAFKA.bootstrap(),
                "--worker=w1",
                "--state-dir=" + directory.resolve(disk)),
            Map.of(),
            directory.resolve(life + ".log")));
  }
}
