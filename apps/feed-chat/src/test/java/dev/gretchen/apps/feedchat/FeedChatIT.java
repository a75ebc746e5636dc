package dev.gretchen.apps.feedchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.engine.Worker;
import dev.gretchen.engine.WorkerOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two workers on a real broker, and real WebSocket clients. Each test has rooms and users of its
/// own.
class FeedChatIT {

  private static final String TOKEN = "correct-horse-battery-staple";
  private static final Duration BOUND = Duration.ofSeconds(40);

  @TempDir static Path scratch;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static Processes processes;
  private static Brokers brokers;
  private static Worker first;
  private static Worker second;

  @BeforeAll
  static void start() throws Exception {
    processes = Processes.openTemporary(scratch);
    brokers =
        Brokers.start(processes, BrokerSettings.withLogs(scratch.resolve("logs")).withCount(1));
    first = worker("w1");
    second = worker("w2");
  }

  @AfterAll
  static void stop() {
    second.close();
    first.close();
    HTTP.close();
    brokers.close();
    processes.close();
  }

  private static Worker worker(String name) throws Exception {
    WorkerOptions options =
        WorkerOptions.of(
            List.of(
                "--bootstrap=" + brokers.bootstrap(),
                "--worker=" + name,
                "--state-dir=" + scratch.resolve("state-" + name),
                "--create-topics=3",
                "--posts-per-second=1000",
                "--posts-at-once=1000"),
            Map.of());
    Worker worker = Worker.start(FeedChat.app(options, TOKEN), options);
    await().atMost(BOUND).until(() -> get(worker, "/readyz").statusCode(), status -> status == 200);
    return worker;
  }

  private static HttpResponse<String> get(Worker worker, String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(uri(worker, path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> order(Worker worker, String method, String user, String token)
      throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(uri(worker, "/users/" + user + "/ban"))
            .method(method, HttpRequest.BodyPublishers.ofString("{\"reason\":\"spam\"}"))
            .header("Authorization", "Bearer " + token)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(Worker worker, String path) {
    return URI.create("http://127.0.0.1:" + worker.httpPort() + path);
  }

  private static ChatClient client(Worker worker, String user) throws Exception {
    return ChatClient.of(HTTP, worker.httpPort(), user);
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void showsTheSamePostsInTheSameOrderAtEachWorker() throws Exception {
    try (ChatClient ann = client(first, "ann-order");
        ChatClient bob = client(second, "bob-order")) {
      ann.join("order", "");
      bob.join("order", "");
      for (int i = 0; i < 40; i++) {
        ann.post("order", 0x1000 + i, "from ann " + i);
        bob.post("order", 0x2000 + i, "from bob " + i);
      }
      ann.awaitPosts("order", 80);
      bob.awaitPosts("order", 80);

      assertThat(ann.indexes("order")).isEqualTo(range(1, 80));
      assertThat(bob.posts("order")).isEqualTo(ann.posts("order"));
      assertThat(
              ann.posts("order").stream()
                  .filter(post -> post.path("user").asString().equals("bob-order"))
                  .map(post -> post.path("text").asString()))
          .as("posts of one user keep their order")
          .containsExactlyElementsOf(
              LongStream.range(0, 40).mapToObj(i -> "from bob " + i).toList());
    }
  }

  @Test
  void missesNothingAndSeesNothingTwiceWhenItsWorkerGoesAway() throws Exception {
    Worker third = worker("w3");
    long last;
    try (ChatClient ann = client(first, "ann-away");
        ChatClient bob = client(third, "bob-away")) {
      bob.join("away", "");
      for (int i = 0; i < 10; i++) {
        ann.post("away", 0x3000 + i, "before " + i);
      }
      bob.awaitPosts("away", 10);
      third.close();
      assertThat(bob.awaitClose()).isEqualTo(1001);
      assertThat(bob.closeReason()).startsWith("going-away");
      last = bob.indexes("away").getLast();
      for (int i = 0; i < 10; i++) {
        ann.post("away", 0x4000 + i, "meanwhile " + i);
      }
      try (ChatClient again = client(second, "bob-away")) {
        again.join("away", ",\"after\":" + last);
        again.awaitPosts("away", 10);
        ann.post("away", 0x5000, "after");
        again.awaitPosts("away", 11);

        assertThat(bob.indexes("away")).isEqualTo(range(1, 10));
        assertThat(again.indexes("away")).isEqualTo(range(11, 21));
      }
    }
  }

  @Test
  void rejectsWithholdsAndLetsInAgain() throws Exception {
    try (ChatClient ann = client(first, "ann-ban");
        ChatClient bob = client(second, "bob-ban")) {
      ann.join("ban", "");
      bob.post("ban", 0x6000, "before");
      ann.awaitPosts("ban", 1);
      assertThat(order(first, "PUT", "bob-ban", "wrong-horse-battery-staple").statusCode())
          .isEqualTo(401);
      HttpResponse<String> ban = order(first, "PUT", "bob-ban", TOKEN);
      assertThat(ban.statusCode()).isEqualTo(200);
      bob.post("ban", 0x6001, "during");

      JsonNode rejected = bob.await("rejected");
      assertThat(rejected.path("id").asString()).isEqualTo("0000000000006001");
      assertThat(rejected.path("reason").asString()).isEqualTo("banned");
      assertThat(rejected.path("version").asLong()).isEqualTo(json(ban).path("offset").asLong());

      try (ChatClient late = client(second, "cleo-ban")) {
        late.join("ban", ",\"after\":0");
        late.awaitPosts("ban", 1);
        assertThat(late.posts("ban").getFirst().path("withheld").asLong())
            .isEqualTo(json(ban).path("offset").asLong());
        assertThat(late.posts("ban").getFirst().has("text")).isFalse();
      }
      assertThat(json(get(first, "/rooms/ban/recent")).path("posts").get(0).has("withheld"))
          .isTrue();

      assertThat(order(second, "DELETE", "bob-ban", TOKEN).statusCode()).isEqualTo(200);
      bob.post("ban", 0x6002, "after");
      ann.awaitPosts("ban", 2);
      assertThat(ann.posts("ban").getLast().path("text").asString()).isEqualTo("after");
    }
  }

  @Test
  void withholdsFromItsFirstMomentOnWhatWasBannedBeforeItStarted() throws Exception {
    try (ChatClient ann = client(first, "ann-fresh")) {
      ann.join("fresh", "");
      ann.post("fresh", 0x7000, "seen by the others");
      ann.awaitPosts("fresh", 1);
    }
    assertThat(order(first, "PUT", "ann-fresh", TOKEN).statusCode()).isEqualTo(200);
    await()
        .atMost(BOUND)
        .until(() -> json(get(second, "/rooms/fresh/recent")).path("posts").get(0).has("withheld"));
    try (Worker fresh = worker("w4");
        ChatClient bob = client(fresh, "bob-fresh")) {
      bob.join("fresh", ",\"after\":0");
      bob.awaitPosts("fresh", 1);
      assertThat(bob.posts("fresh").getFirst().has("withheld")).isTrue();
    }
  }

  @Test
  void takesAPostOnceHoweverOftenItIsSent() throws Exception {
    try (ChatClient ann = client(first, "ann-again");
        ChatClient other = client(second, "ann-again")) {
      ann.join("again", "");
      ann.post("again", 0x8000, "once");
      other.post("again", 0x8000, "once");
      JsonNode rejected = other.await("rejected");
      ann.post("again", 0x8001, "more");
      ann.awaitPosts("again", 2);

      assertThat(rejected.path("reason").asString()).isEqualTo("repeated");
      assertThat(ann.posts("again").stream().map(post -> post.path("text").asString()))
          .containsExactly("once", "more");
    }
  }

  @Test
  void servesTheLastPostsAtEachWorkerAndNothingOlderThanWhatWasSeen() throws Exception {
    try (ChatClient ann = client(first, "ann-recent")) {
      ann.join("recent", "");
      for (int i = 0; i < 5; i++) {
        ann.post("recent", 0x9000 + i, "post " + i);
      }
      ann.awaitPosts("recent", 5);
    }
    for (Worker worker : List.of(first, second)) {
      JsonNode recent = json(get(worker, "/rooms/recent/recent?seen=5"));
      assertThat(recent.path("last").asLong()).isEqualTo(5);
      assertThat(recent.path("posts")).hasSize(5);
      assertThat(recent.path("from").asString()).isEqualTo("table");
    }
    assertThat(get(first, "/rooms/recent/recent?seen=6").statusCode()).isEqualTo(503);
    assertThat(get(first, "/rooms/Not%20a%20room/recent").statusCode()).isEqualTo(400);
    assertThat(get(first, "/rooms/recent/recent?from=redis").statusCode()).isEqualTo(404);
    assertThat(json(get(second, "/rooms/never-heard-of/recent")).path("last").asLong()).isZero();
  }

  @Test
  void refusesPagesOfStrangers() throws Exception {
    assertThatThrownBy(() -> connectFrom("https://evil.example"))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(403));
    connectFrom("http://localhost:" + first.httpPort());
  }

  private static void connectFrom(String origin) throws Exception {
    HTTP.newWebSocketBuilder()
        .header("Origin", origin)
        .buildAsync(
            URI.create("ws://127.0.0.1:" + first.httpPort() + "/chat"), new WebSocket.Listener() {})
        .get(20, TimeUnit.SECONDS)
        .abort();
  }

  @Test
  void closesOnWhatIsTooLargeOrNoText() throws Exception {
    try (ChatClient large = client(first, "ann-large");
        ChatClient binary = client(first, "ann-binary");
        ChatClient fits = client(first, "ann-fits")) {
      large.say("{\"type\":\"post\",\"text\":\"" + "x".repeat(8_192) + "\"}");
      assertThat(large.awaitClose()).isEqualTo(1009);
      binary.sayBinary();
      assertThat(binary.awaitClose()).isEqualTo(1003);
      fits.post("large", 0xa000, "x".repeat(1_000));
      fits.await("posted");
    }
  }

  @Test
  void keepsTheTopicOfBansForGood() throws Exception {
    ConfigResource bans = new ConfigResource(ConfigResource.Type.TOPIC, "bans");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrap()))) {
      assertThat(admin.describeConfigs(List.of(bans)).all().get(20, TimeUnit.SECONDS))
          .hasEntrySatisfying(
              bans, found -> assertThat(found.get("cleanup.policy").value()).isEqualTo("compact"));
    }
  }

  @Test
  void servesItsPageWithNothingFromElsewhere() throws Exception {
    HttpResponse<String> page = get(first, "/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'");
    assertThat(page.body()).doesNotContain("{workers}").doesNotContain("//");
    assertThat(get(first, "/chat.js").statusCode()).isEqualTo(200);
    assertThat(get(first, "/chat.css").statusCode()).isEqualTo(200);
    assertThat(get(first, "/nothing").statusCode()).isEqualTo(404);
  }
}
