package dev.gretchen.verifier.contract;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a worker of a chat says to a client over a WebSocket, one text frame each; and, as texts,
/// what a client says to it.
public sealed interface ChatFrame {

  /// The first word, in answer to `hello`.
  record Welcome(String worker, String incarnation) implements ChatFrame {}

  /// A room's posts come from now on.
  ///
  /// @param from the first index that comes
  record Joined(String room, long from) implements ChatFrame {}

  /// Posts of a room, in order.
  record Posts(String room, List<Shown> posts) implements ChatFrame {
    public Posts {
      posts = List.copyOf(posts);
    }
  }

  /// One post.
  ///
  /// @param withheld version of the ban for which it is withheld, -1 where it is whole
  record Shown(long index, long id, long withheld) {}

  /// Posts of a room that cannot be had any more, both included.
  record Skipped(String room, long from, long to) implements ChatFrame {}

  /// The client's post is in the log.
  record Posted(long id, int partition, long offset) implements ChatFrame {}

  /// The client's post is not in the log, and never will be.
  record Refused(long id, String reason) implements ChatFrame {}

  /// Nobody knows whether the client's post is in the log.
  record Unknown(long id) implements ChatFrame {}

  /// The moderator's ban, or its end, is in the log.
  record Moderated(String user, boolean banned, int partition, long offset) implements ChatFrame {}

  /// A room or a ban was refused.
  ///
  /// @param subject the room or the user
  record Denied(String subject, String reason) implements ChatFrame {}

  /// Anything else, of which a client takes no notice.
  record Other(String type) implements ChatFrame {}

  /// The frame that a text is; null where it follows no form of the contract.
  static @Nullable ChatFrame decode(String text) {
    JsonNode json = ChatJson.object(text);
    if (json == null) {
      return null;
    }
    try {
      String type = json.path("type").asString("");
      String room = json.path("room").asString("");
      return switch (type) {
        case "welcome" ->
            new Welcome(json.path("worker").asString(""), json.path("incarnation").asString(""));
        case "joined" -> new Joined(room, ChatJson.number(json, "from"));
        case "posts" -> new Posts(room, shown(json.path("posts")));
        case "skipped" ->
            new Skipped(room, ChatJson.number(json, "from"), ChatJson.number(json, "to"));
        case "posted" ->
            new Posted(
                ChatJson.id(json),
                (int) ChatJson.number(json, "partition"),
                ChatJson.number(json, "offset"));
        case "refused" -> refused(json);
        case "unknown" -> json.has("id") ? new Unknown(ChatJson.id(json)) : new Other(type);
        case "banned", "unbanned" ->
            new Moderated(
                json.path("user").asString(""),
                type.equals("banned"),
                (int) ChatJson.number(json, "partition"),
                ChatJson.number(json, "offset"));
        default -> new Other(type);
      };
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static ChatFrame refused(JsonNode json) {
    String reason = json.path("reason").asString("");
    if (json.has("id")) {
      return new Refused(ChatJson.id(json), reason);
    }
    return new Denied(json.path(json.has("room") ? "room" : "user").asString(""), reason);
  }

  private static List<Shown> shown(JsonNode posts) {
    List<Shown> shown = new ArrayList<>();
    for (JsonNode post : posts.values()) {
      shown.add(
          new Shown(
              ChatJson.number(post, "index"),
              ChatJson.id(post),
              ChatJson.number(post, "withheld")));
    }
    return shown;
  }

  /// A client's first word.
  ///
  /// @param token of a moderator, null where it is none
  static String hello(String user, @Nullable String token) {
    ObjectNode json = frame("hello").put("user", user);
    return text(token == null ? json : json.put("token", token));
  }

  /// A client wants what comes from now on.
  static String join(String room) {
    return text(frame("join").put("room", room));
  }

  /// A client wants all after an index.
  static String joinAfter(String room, long after) {
    return text(frame("join").put("room", room).put("after", after));
  }

  /// A client posts.
  static String post(long id, String room, String text) {
    return text(frame("post").put("id", Hex16.of(id)).put("room", room).put("text", text));
  }

  /// A moderator bans, or somebody who would like to be one.
  static String ban(String user, String reason) {
    return text(frame("ban").put("user", user).put("reason", reason));
  }

  private static ObjectNode frame(String type) {
    return ChatJson.MAPPER.createObjectNode().put("type", type);
  }

  private static String text(ObjectNode json) {
    return ChatJson.MAPPER.writeValueAsString(json);
  }
}
