package dev.gretchen.verifier.crowd;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.contract.ChatValue;
import dev.gretchen.verifier.contract.Hex16;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A worker of a chat without Kafka: all workers share a [Board]. It dies when it is closed, or,
/// where it is told so, before it answers the first post.
final class FakeChat implements AutoCloseable {

  /// The posts of all rooms, numbered, as they would be in the log.
  static final class Board {
    private final MemoryLog feed = new MemoryLog("feed", 1);
    private final MemoryLog events = new MemoryLog("chat-events", 1);
    private final Map<String, Integer> lasts = new HashMap<>();

    /// What was numbered; for when nobody posts any more.
    MemoryLog feed() {
      return feed;
    }

    /// What was posted; for when nobody posts any more.
    MemoryLog events() {
      return events;
    }

    synchronized long size() {
      return events.end(0);
    }

    synchronized long first() {
      return events.list(0).getFirst().id();
    }

    synchronized long copies(long id) {
      return events.list(0).stream().filter(event -> event.id() == id).count();
    }

    synchronized long post(String user, String room, long id, byte[] value) {
      long offset = events.append(0, 1, 1, user.getBytes(UTF_8), value, id, null).offset();
      int index = lasts.merge(room, 1, Integer::sum);
      feed.append(
          0,
          1,
          1,
          room.getBytes(UTF_8),
          new ChatValue.Numbered(index, id, user, "", 1).encode(),
          id,
          null);
      return offset;
    }

    synchronized List<ChatValue.Numbered> of(String room, long after) {
      return feed.list(0).stream()
          .filter(record -> new String(Objects.requireNonNull(record.key()), UTF_8).equals(room))
          .map(record -> Objects.requireNonNull(ChatValue.numbered(record.value())))
          .filter(post -> post.index() > after)
          .toList();
    }
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long PUSH_EVERY_MILLIS = 5;

  private final Board board;
  private final String name;
  private final boolean dumb;
  private final ServerSocket server;
  private final List<WebSocketWire> wires = new CopyOnWriteArrayList<>();

  private FakeChat(Board board, String name, boolean dumb, ServerSocket server) {
    this.board = board;
    this.name = name;
    this.dumb = dumb;
    this.server = server;
  }

  /// Listens.
  ///
  /// @param dumb whether it takes posts and dies before it says so
  static FakeChat open(Board board, String name, boolean dumb) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    FakeChat chat = new FakeChat(board, name, dumb, server);
    Thread.ofVirtual().start(chat::accept);
    return chat;
  }

  URI address() {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/chat");
  }

  boolean isOpen() {
    return !server.isClosed();
  }

  private void accept() {
    while (isOpen()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        // closed, which ends the loop
      }
    }
  }

  private void serve(Socket socket) {
    Map<String, Long> joined = new HashMap<>();
    try (WebSocketWire wire = WebSocketWire.accept(socket)) {
      wires.add(wire);
      Thread pusher = Thread.ofVirtual().start(() -> push(wire, joined));
      String user = "";
      for (String text = wire.read(); text != null; text = wire.read()) {
        JsonNode frame = JSON.readTree(text);
        user = frame.path("user").asString(user);
        String answer = answer(wire, frame, user, joined);
        if (answer != null) {
          wire.send(answer);
        }
      }
      pusher.interrupt();
    } catch (IOException _) {
      // the client has gone, or this worker
    }
  }

  private @Nullable String answer(
      WebSocketWire wire, JsonNode frame, String user, Map<String, Long> joined)
      throws IOException {
    String room = frame.path("room").asString("");
    return switch (frame.path("type").asString("")) {
      case "hello" ->
          "{\"type\":\"welcome\",\"worker\":\"%s\",\"incarnation\":\"%s-a\"}".formatted(name, name);
      case "join" -> {
        long after = frame.has("after") ? frame.path("after").asLong() : board.of(room, 0).size();
        // no post of the room may come before this word
        synchronized (joined) {
          wire.send("{\"type\":\"joined\",\"room\":\"%s\",\"from\":%d}".formatted(room, after + 1));
          joined.put(room, after);
        }
        yield null;
      }
      case "post" -> {
        long id = Hex16.parse(frame.path("id").asString(""));
        byte[] value =
            JSON.writeValueAsBytes(
                Map.of("type", "post", "room", room, "text", frame.path("text").asString("")));
        long offset = board.post(user, room, id, value);
        if (dumb) {
          close();
        }
        yield "{\"type\":\"posted\",\"id\":\"%s\",\"partition\":0,\"offset\":%d}"
            .formatted(Hex16.of(id), offset);
      }
      default -> null;
    };
  }

  private void push(WebSocketWire wire, Map<String, Long> joined) {
    try {
      while (true) {
        Thread.sleep(PUSH_EVERY_MILLIS);
        synchronized (joined) {
          for (Map.Entry<String, Long> room : joined.entrySet()) {
            for (ChatValue.Numbered post : board.of(room.getKey(), room.getValue())) {
              room.setValue(post.index());
              wire.send(
                  "{\"type\":\"posts\",\"room\":\"%s\",\"posts\":[{\"index\":%d,\"id\":\"%s\"}]}"
                      .formatted(room.getKey(), post.index(), Hex16.of(post.id())));
            }
          }
        }
      }
    } catch (IOException | InterruptedException _) {
      // nobody listens any more
    }
  }

  /// Dies: all connections end without a word.
  @Override
  public void close() throws IOException {
    server.close();
    for (WebSocketWire wire : wires) {
      wire.close();
    }
  }
}
