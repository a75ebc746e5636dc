package dev.gretchen.engine;

import static dev.gretchen.engine.KafkaBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Workers as processes, which can be killed: who answers then, and whose directory it is.
class WorkerProcessesIT {

  @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

  private static final Duration BOUND = Duration.ofSeconds(40);
  private static final int PARTITIONS = 4;
  private static final int KEYS = 40;
  private static final int ROUNDS = 5;
  private static final int SURROUNDINGS = 3;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path directory = Path.of("");

  @Test
  void anyWorkerAnswersForAnyKeyAlsoRightAfterItsOwnerWasKilled() throws Exception {
    try (Processes processes = Processes.openTemporary(directory.resolve("processes"))) {
      answersThroughAKill(processes);
    }
  }

  @Test
  void aSecondProcessOnADirectoryIsRefusedInOneSentence() throws Exception {
    try (Processes processes = Processes.openTemporary(directory.resolve("processes"))) {
      refusesASecond(processes);
    }
  }

  private void answersThroughAKill(Processes processes) throws Exception {
    String name = "routing";
    KAFKA.createTopic(name + "-in", PARTITIONS);
    int firstPort = freePort();
    int secondPort = freePort();
    start(processes, name, "w1", "w1", firstPort);
    Child second = start(processes, name, "w2", "w2", secondPort);
    await().atMost(BOUND).until(() -> owned(firstPort) == 2 && owned(secondPort) == 2);
    KAFKA.send(words(name + "-in"));
    await().atMost(BOUND).until(() -> hasAll(firstPort) && hasAll(secondPort));

    Set<String> asked = new HashSet<>();
    for (int key = 0; key < KEYS; key++) {
      JsonNode byFirst = ask(firstPort, key);
      JsonNode bySecond = ask(secondPort, key);
      assertThat(byFirst).isEqualTo(bySecond);
      assertThat(byFirst.path("role").asString()).isEqualTo("owner");
      assertThat(byFirst.path("behindMillis").asLong()).isZero();
      asked.add(byFirst.path("worker").asString());
    }
    assertThat(asked).containsExactlyInAnyOrder("w1", "w2");
    JsonNode standing = JSON.readTree(get(firstPort, "/status").body());
    assertThat(standing.path("peers").size()).isEqualTo(2);

    // standbys have what the owners have
    await().atMost(BOUND).until(() -> standbys(firstPort) == 2);
    second.kill();

    for (int key = 0; key < KEYS; key++) {
      JsonNode answer = ask(firstPort, key);
      assertThat(answer.path("worker").asString()).isEqualTo("w1");
      assertThat(value(answer)).isEqualTo(Integer.toString(ROUNDS));
      if (answer.path("role").asString().equals("standby")) {
        assertThat(answer.path("behindRecords").asLong(-1)).isZero();
        assertThat(answer.path("behindMillis").asLong(-1)).isBetween(0L, BOUND.toMillis());
      }
    }
    await().atMost(BOUND).until(() -> owned(firstPort) == PARTITIONS);
    for (int key = 0; key < KEYS; key++) {
      assertThat(ask(firstPort, key).path("role").asString()).isEqualTo("owner");
    }
  }

  private void refusesASecond(Processes processes) throws Exception {
    String name = "twice";
    KAFKA.createTopic(name + "-in", PARTITIONS);
    int port = freePort();
    Child first = start(processes, name, "w1", "same", port);
    await().atMost(BOUND).until(() -> owned(port) == PARTITIONS);

    Child second = start(processes, name, "w1", "same", 0);
    assertThat(second.awaitExit(BOUND)).isTrue();
    assertThat(second.exitStatus()).hasValue(SURROUNDINGS);
    assertThat(second.logTail(20).lines().filter(line -> line.contains("state directory")))
        .singleElement()
        .asString()
        .contains("is in use by process " + first.pid())
        .contains("--state-dir");
    assertThat(second.logTail(20)).doesNotContain("\tat ");
    // and the first is not disturbed
    assertThat(first.isAlive()).isTrue();
    assertThat(owned(port)).isEqualTo(PARTITIONS);

    // the lock goes with its holder, however that ends
    first.kill();
    Child third = start(processes, name, "w1", "same", port);
    await().atMost(BOUND).until(() -> owned(port) == PARTITIONS);
    assertThat(third.terminate(BOUND)).hasValue(0);
  }

  private Child start(Processes processes, String app, String worker, String state, int port) {
    return processes.start(
        new Launch(
            worker,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CountingWorker.class.getName(),
                app,
                "--bootstrap=" + KAFKA.bootstrap(),
                "--worker=" + worker,
                "--state-dir=" + directory.resolve(app + "-" + state),
                "--standbys=1",
                "--http-port=" + port),
            Map.of(),
            directory.resolve(app + "-" + worker + "-" + port + ".log")));
  }

  private static List<ProducerRecord<byte[], byte[]>> words(String topic) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < KEYS * ROUNDS; i++) {
      records.add(new ProducerRecord<>(topic, bytes("key/" + i % KEYS), bytes("x")));
    }
    return records;
  }

  private long owned(int port) {
    return held(port, "active");
  }

  private long standbys(int port) {
    return held(port, "standby");
  }

  /// Table partitions that run in a role.
  private long held(int port, String role) {
    try {
      long count = 0;
      for (JsonNode held : JSON.readTree(get(port, "/verify").body()).values()) {
        if (held.path("role").asString().equals(role)
            && held.path("state").asString().equals("running")) {
          count++;
        }
      }
      return count;
    } catch (IOException notYet) {
      return -1;
    }
  }

  private boolean hasAll(int port) throws Exception {
    for (int key = 0; key < KEYS; key++) {
      if (!value(ask(port, key)).equals(Integer.toString(ROUNDS))) {
        return false;
      }
    }
    return true;
  }

  private JsonNode ask(int port, int key) throws Exception {
    HttpResponse<String> answer = get(port, "/table/count/key%2F" + key);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static String value(JsonNode answer) {
    return answer.path("value").isNull()
        ? ""
        : new String(
            Base64.getDecoder().decode(answer.path("value").asString()), StandardCharsets.UTF_8);
  }

  private HttpResponse<String> get(int port, String path) throws IOException {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException stopped) {
      throw new IOException(stopped);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
