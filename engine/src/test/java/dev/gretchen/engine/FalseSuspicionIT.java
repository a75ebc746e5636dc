package dev.gretchen.engine;

import static dev.gretchen.engine.KafkaBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gretchen.engine.internal.surroundings.RealKafkaClients;
import dev.gretchen.engine.internal.surroundings.RealSurroundings;
import dev.gretchen.engine.internal.worker.EngineParts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Workers that live and reach Kafka, and do not hear each other, under a load that never waits.
class FalseSuspicionIT {

  @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

  private static final Duration BOUND = Duration.ofSeconds(40);

  /// Long enough to be suspected, evicted, and evicted again if that were allowed.
  private static final Duration LONG = Duration.ofSeconds(12);

  /// Long enough to be suspected, and evicted by whoever comes last.
  private static final Duration SHORT = Duration.ofSeconds(6);

  private static final Duration PAUSE = Duration.ofMillis(2);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int PARTITIONS = 6;
  private static final int KEYS = 200;

  @TempDir Path directory;

  private final LossyLinks links = new LossyLinks();

  @Test
  void whoNobodyHearsAnyMoreIsEvictedOnceJoinsAgainAndNothingIsLostOrCountedTwice()
      throws Exception {
    String name = "unheard";
    List<JsonNode> since = throughACut(name, List.of("w1>w2", "w1>w3"), LONG);

    assertThat(of(since, "evicted"))
        .as("evictions, though it stays unheard")
        .extracting(entry -> entry.path("peer").asString())
        .containsExactly("w1");
    assertThat(of(since, "running"))
        .as("it is back")
        .extracting(entry -> entry.path("worker").asString())
        .contains("w1");
    assertThat(of(since, "started")).as("in the same process").isEmpty();
  }

  @Test
  void twoWhoDoNotHearEachOtherAndAreHeardByAThirdStayAsTheyAre() throws Exception {
    List<JsonNode> since = throughACut("strangers", List.of("w1>w2", "w2>w1"), SHORT);

    assertThat(of(since, "suspected")).as("the cut was noticed").isNotEmpty();
    assertThat(of(since, "evicted")).isEmpty();
    assertThat(of(since, "revoked")).as("nothing moved").isEmpty();
    assertThat(of(since, "assigned")).isEmpty();
  }

  /// Three workers count, links between them are cut and stay so; in the end all are members, have
  /// work, and every count is right.
  ///
  /// @param ways such as `w1>w2`, one of them cut from the other
  /// @return what workers told from the cut on, as long as all were there
  private List<JsonNode> throughACut(String name, List<String> ways, Duration length)
      throws Exception {
    KAFKA.createTopic(name + "-in", PARTITIONS);
    try (Worker first = start(name, "w1");
        Worker second = start(name, "w2");
        Worker third = start(name, "w3");
        Load load = new Load(name + "-in")) {
      List<Worker> all = List.of(first, second, third);
      await().atMost(BOUND).until(() -> isShared(all));
      await().atMost(BOUND).until(() -> told(name) > KEYS);
      long cut = System.currentTimeMillis();
      for (String way : ways) {
        links.cut(way.substring(0, 2), way.substring(3));
      }
      Thread.sleep(length);
      assertThat(links.lost()).as("pulses lost").isGreaterThan(length.toSeconds());
      Map<String, Long> truth = load.end();
      await().atMost(BOUND).untilAsserted(() -> assertThat(counts(name)).isEqualTo(truth));
      await().atMost(BOUND).until(() -> isShared(all));
      assertThat(all).allSatisfy(worker -> assertThat(worker.awaitFailure(Duration.ZERO)).isNull());
      return KAFKA.committed(name + "-audit").stream()
          .map(record -> JSON.readTree(record.value()))
          .filter(entry -> entry.path("at").asLong() >= cut)
          .toList();
    }
  }

  private Worker start(String name, String worker) {
    WorkerOptions options =
        WorkerOptions.of(
            List.of(
                "--bootstrap=" + KAFKA.bootstrap(),
                "--worker=" + worker,
                "--state-dir=" + directory.resolve(name + "-" + worker),
                "--commit-interval=20"),
            Map.of());
    RealSurroundings real =
        new RealSurroundings(new RealKafkaClients(options.connection()), worker);
    return Worker.start(
        CountingWorker.app(name), options, EngineParts.standard(), links.around(real, worker));
  }

  private static List<JsonNode> of(List<JsonNode> audit, String event) {
    return audit.stream().filter(entry -> entry.path("event").asString().equals(event)).toList();
  }

  private static Map<String, Long> counts(String name) throws Exception {
    Map<String, Long> counts = new TreeMap<>();
    KAFKA
        .latest(name + "-count-changelog")
        .forEach((key, count) -> counts.put(key.substring(1), Long.parseLong(count)));
    return counts;
  }

  private static long told(String name) throws Exception {
    return counts(name).values().stream().mapToLong(Long::longValue).sum();
  }

  /// Whether each works on as much as the others.
  private static boolean isShared(List<Worker> workers) throws Exception {
    for (Worker worker : workers) {
      if (held(worker) != PARTITIONS / workers.size()) {
        return false;
      }
    }
    return true;
  }

  /// The partitions that a worker works on.
  private static long held(Worker worker) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String body =
          http.send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + worker.httpPort() + "/verify"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return JSON.readTree(body).values().stream()
          .filter(held -> held.path("role").asString().equals("active"))
          .filter(held -> held.path("state").asString().equals("running"))
          .count();
    }
  }

  /// Sends an event every few milliseconds until its end.
  private static final class Load implements AutoCloseable {
    private final AtomicBoolean ending = new AtomicBoolean();
    private final Map<String, Long> sent = new TreeMap<>();
    private final Thread thread;

    Load(String topic) {
      thread = Thread.ofPlatform().name("load").start(() -> send(topic));
    }

    private void send(String topic) {
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", KAFKA.bootstrap(), "acks", "all", "linger.ms", 5),
              new ByteArraySerializer(),
              new ByteArraySerializer())) {
        for (int i = 0; !ending.get(); i++) {
          String key = "key-" + i % KEYS;
          var _ = producer.send(new ProducerRecord<>(topic, bytes(key), bytes("x")));
          sent.merge(key, 1L, Long::sum);
          Thread.sleep(PAUSE);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    /// How many there were of each key.
    Map<String, Long> end() throws InterruptedException {
      ending.set(true);
      thread.join();
      return sent;
    }

    @Override
    public void close() {
      ending.set(true);
    }
  }
}
