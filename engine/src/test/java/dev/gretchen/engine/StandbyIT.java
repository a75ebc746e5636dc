package dev.gretchen.engine;

import static dev.gretchen.engine.KafkaBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Standbys and warm-ups on a real broker, with Kafka's own client calling the assignor.
class StandbyIT {

  @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

  private static final Duration BOUND = Duration.ofSeconds(40);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int PARTITIONS = 4;
  private static final int KEYS = 200;

  @TempDir Path directory;

  @Test
  void aStandbyTakesOverAndHasAlmostNothingToRead() throws Exception {
    String name = "takeover";
    KAFKA.createTopic(name + "-in", PARTITIONS);
    long closed;
    try (Worker first = start(name, "w1", "--standbys=1")) {
      Worker second = start(name, "w2", "--standbys=1");
      await().atMost(BOUND).until(() -> held(first, "active") == 2 && held(second, "active") == 2);
      KAFKA.send(words(name + "-in", 4_000));
      await().atMost(BOUND).until(() -> held(first, "standby") == 2 && told(name) == 4_000);
      // both are quiet: the standbys have what the owners have
      await().atMost(BOUND).until(() -> sums(first).equals(sums(second)));
      closed = System.currentTimeMillis();
      second.close();
      await().atMost(BOUND).until(() -> held(first, "active") == PARTITIONS);
    }
    // whoever joined second was promoted once before, to its share
    List<JsonNode> promoted =
        audit(name, "w1", "promoted").stream()
            .filter(event -> event.path("at").asLong() >= closed)
            .toList();
    assertThat(promoted).hasSize(2);
    List<Integer> partitions =
        promoted.stream().map(event -> event.path("partition").asInt()).toList();
    assertThat(audit(name, "w1", "running"))
        .filteredOn(event -> partitions.contains(event.path("partition").asInt()))
        .filteredOn(event -> event.path("at").asLong() >= promoted.getFirst().path("at").asLong())
        .hasSize(2)
        .allSatisfy(event ->
            assertThat(event.path("recovery").path("records").asInt()).isLessThan(KEYS / 10));
  }

  @Test
  void aWorkerWithAnEmptyDiskWarmsUpBeforeItGetsItsShare() throws Exception {
    String name = "warmup";
    KAFKA.createTopic(name + "-in", PARTITIONS);
    try (Worker first = start(name, "w1", "--standbys=0", "--acceptable-lag=10")) {
      KAFKA.send(words(name + "-in", 4_000));
      await().atMost(BOUND).until(() -> told(name) == 4_000);
      try (Worker second = start(name, "w2", "--standbys=0", "--acceptable-lag=10")) {
        await().atMost(BOUND).until(() -> held(second, "active") == 2);
        assertThat(held(first, "active")).isEqualTo(2);
      }
    }
    assertThat(audit(name, "w2", "standby")).hasSize(2);
    assertThat(audit(name, "w2", "promoted")).hasSize(2);
    assertThat(audit(name, "w2", "running"))
        .hasSize(2)
        .allSatisfy(event ->
            assertThat(event.path("recovery").path("records").asInt()).isLessThanOrEqualTo(10));
  }

  @Test
  void aWorkerThatIsBackReadsWhatItHasMissedBeforeItGetsItsTasksAndNotAfter() throws Exception {
    String name = "back";
    KAFKA.createTopic(name + "-in", PARTITIONS);
    long back;
    try (Worker first = start(name, "w1")) {
      try (Worker second = start(name, "w2")) {
        await()
            .atMost(BOUND)
            .until(() -> held(first, "active") == 2 && held(second, "active") == 2);
        KAFKA.send(words(name + "-in", 1_000));
        await().atMost(BOUND).until(() -> told(name) == 1_000 && sums(first).equals(sums(second)));
      }
      await().atMost(BOUND).until(() -> held(first, "active") == PARTITIONS);
      KAFKA.send(words(name + "-in", 1_000));
      await().atMost(BOUND).until(() -> told(name) == 2_000);
      back = System.currentTimeMillis();
      try (Worker second = start(name, "w2")) {
        await().atMost(BOUND).until(() -> held(second, "active") == 2);
      }
    }
    assertThat(audit(name, "w2", "promoted"))
        .as("it reads along first")
        .filteredOn(event -> event.path("at").asLong() >= back)
        .hasSize(2);
    assertThat(audit(name, "w2", "running"))
        .filteredOn(event -> event.path("at").asLong() >= back)
        .hasSize(2)
        .allSatisfy(event -> assertThat(event.path("recovery").path("records").asInt()).isZero());
  }

  private Worker start(String name, String worker, String... more) {
    App app = App.named(name);
    Topic<String, String> in = app.topic(name + "-in", Codecs.utf8(), Codecs.utf8());
    Table<String, String> counts = app.table("count", Codecs.utf8(), Codecs.utf8(), () -> "0");
    app.agent(
            "count",
            in,
            event ->
                counts.merge(
                    event.key(), 1L, (before, one) -> Long.toString(Long.parseLong(before) + one)))
        .uses(counts);
    List<String> options =
        new ArrayList<>(
            List.of(
                "--bootstrap=" + KAFKA.bootstrap(),
                "--worker=" + worker,
                "--state-dir=" + directory.resolve(name + "-" + worker),
                "--commit-interval=20"));
    options.addAll(List.of(more));
    return Worker.start(app, WorkerOptions.of(options, Map.of()));
  }

  private static List<ProducerRecord<byte[], byte[]>> words(String topic, int events) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      records.add(new ProducerRecord<>(topic, bytes("key-" + i % KEYS), bytes("x")));
    }
    return records;
  }

  /// Events that the changelog stands for.
  private static long told(String name) throws Exception {
    return KAFKA.latest(name + "-count-changelog").values().stream()
        .mapToLong(Long::parseLong)
        .sum();
  }

  private static long held(Worker worker, String role) throws Exception {
    long count = 0;
    for (JsonNode held : JSON.readTree(get(worker, "/verify")).values()) {
      if (held.path("role").asString().equals(role)
          && held.path("state").asString().equals("running")) {
        count++;
      }
    }
    return count;
  }

  private static List<String> sums(Worker worker) throws Exception {
    List<String> sums = new ArrayList<>();
    for (int p = 0; p < PARTITIONS; p++) {
      JsonNode summary = JSON.readTree(get(worker, "/verify/count/" + p));
      sums.add(summary.path("checksum").asString() + "@" + summary.path("position").asLong());
    }
    return sums;
  }

  private static List<JsonNode> audit(String name, String worker, String event) throws Exception {
    return KAFKA.committed(name + "-audit").stream()
        .map(record -> JSON.readTree(record.value()))
        .filter(entry -> entry.path("worker").asString().equals(worker))
        .filter(entry -> entry.path("event").asString().equals(event))
        .toList();
  }

  private static String get(Worker worker, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + worker.httpPort() + path))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
