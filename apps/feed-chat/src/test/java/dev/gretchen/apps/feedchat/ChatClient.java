package dev.gretchen.apps.feedchat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real client of the chat, on the JDK's WebSocket.
final class ChatClient implements AutoCloseable, WebSocket.Listener {

  private static final Duration BOUND = Duration.ofSeconds(20);

  private final List<JsonNode> frames = new CopyOnWriteArrayList<>();
  private final StringBuilder partial = new StringBuilder();
  private @Nullable WebSocket socket;
  private volatile int closeCode;
  private volatile String closeReason = "";

  /// Connects, without a word.
  static ChatClient connect(HttpClient http, int port) throws Exception {
    ChatClient client = new ChatClient();
    client.socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/chat"), client)
            .get(BOUND.toSeconds(), TimeUnit.SECONDS);
    return client;
  }

  /// Connects and says hello.
  static ChatClient of(HttpClient http, int port, String user) throws Exception {
    ChatClient client = connect(http, port);
    client.say("{\"type\":\"hello\",\"user\":\"" + user + "\"}");
    client.await("welcome");
    return client;
  }

  private WebSocket socket() {
    WebSocket open = socket;
    if (open == null) {
      throw new IllegalStateException("not connected");
    }
    return open;
  }

  void say(String frame) throws Exception {
    socket().sendText(frame, true).get(BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  void sayBinary() throws Exception {
    socket()
        .sendBinary(ByteBuffer.wrap(new byte[] {1}), true)
        .get(BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  void join(String room, String more) throws Exception {
    say("{\"type\":\"join\",\"room\":\"" + room + "\"" + more + "}");
    awaitFrame(frame ->
        frame.path("type").asString().equals("joined")
            && frame.path("room").asString().equals(room));
  }

  void post(String room, long id, String text) throws Exception {
    say(
        "{\"type\":\"post\",\"id\":\"%016x\",\"room\":\"%s\",\"text\":\"%s\"}"
            .formatted(id, room, text));
  }

  JsonNode await(String type) {
    return awaitFrame(frame -> frame.path("type").asString().equals(type));
  }

  JsonNode awaitFrame(Predicate<JsonNode> wanted) {
    return Awaitility.await()
        .atMost(BOUND)
        .until(() -> frames.stream().filter(wanted).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  /// All posts of a room so far, withheld ones included, in the order in which they came.
  List<JsonNode> posts(String room) {
    List<JsonNode> posts = new ArrayList<>();
    for (JsonNode frame : frames) {
      if (frame.path("type").asString().equals("posts")
          && frame.path("room").asString().equals(room)) {
        frame.path("posts").forEach(posts::add);
      }
    }
    return posts;
  }

  List<Long> indexes(String room) {
    return posts(room).stream().map(post -> post.path("index").asLong()).toList();
  }

  void awaitPosts(String room, int count) {
    Awaitility.await().atMost(BOUND).until(() -> posts(room).size() >= count);
  }

  int awaitClose() {
    return Awaitility.await().atMost(BOUND).until(() -> closeCode, code -> code != 0);
  }

  String closeReason() {
    return closeReason;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      frames.add(JsonMapper.shared().readTree(partial.toString()));
      partial.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    closeReason = reason;
    closeCode = code;
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closeReason = error.toString();
    closeCode = 1006;
  }

  @Override
  public void close() {
    socket().abort();
  }
}
