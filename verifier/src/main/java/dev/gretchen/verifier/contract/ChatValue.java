package dev.gretchen.verifier.contract;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the topics and tables of a chat hold.
public sealed interface ChatValue {

  /// Why a post is rejected whose user is banned.
  String BANNED = "banned";

  /// Why a post is rejected whose id was admitted a short while before.
  String REPEATED = "repeated";

  /// A post that was admitted.
  record Admitted(String user, String text) implements ChatValue {}

  /// A post with its place in its room.
  ///
  /// @param index from 1
  /// @param at timestamp of the event, epoch milliseconds
  record Numbered(long index, long id, String user, String text, long at) implements ChatValue {}

  /// A post that was not admitted.
  ///
  /// @param version of the ban, -1 where it was for none
  /// @param partition of the event
  /// @param offset of the event
  record Rejected(long id, String room, String reason, long version, int partition, long offset)
      implements ChatValue {}

  /// A ban in force.
  ///
  /// @param version offset of its event
  /// @param at timestamp of its event, epoch milliseconds
  record Banned(long version, String by, String reason, long at) implements ChatValue {}

  /// The ids of a user's last posts that were admitted, oldest first.
  record Posted(List<Long> ids) implements ChatValue {
    public Posted {
      ids = List.copyOf(ids);
    }
  }

  /// The last posts of a room, oldest first.
  ///
  /// @param last index of the last one
  record Recent(long last, List<Numbered> posts) implements ChatValue {
    public Recent {
      posts = List.copyOf(posts);
    }
  }

  /// Null where the bytes are no such thing, here and below.
  static @Nullable Admitted admitted(byte @Nullable [] value) {
    JsonNode json = value == null ? null : ChatJson.object(value);
    return json == null || !json.path("user").isString() || !json.path("text").isString()
        ? null
        : new Admitted(json.path("user").stringValue(), json.path("text").stringValue());
  }

  static @Nullable Numbered numbered(byte @Nullable [] value) {
    JsonNode json = value == null ? null : ChatJson.object(value);
    return json == null ? null : numbered(json);
  }

  private static @Nullable Numbered numbered(JsonNode json) {
    try {
      return new Numbered(
          ChatJson.number(json, "index"),
          ChatJson.id(json),
          json.path("user").asString(""),
          json.path("text").asString(""),
          ChatJson.number(json, "at"));
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  static @Nullable Rejected rejected(byte @Nullable [] value) {
    JsonNode json = value == null ? null : ChatJson.object(value);
    try {
      return json == null
          ? null
          : new Rejected(
              ChatJson.id(json),
              json.path("room").asString(""),
              json.path("reason").asString(""),
              ChatJson.number(json, "version"),
              (int) ChatJson.number(json, "partition"),
              ChatJson.number(json, "offset"));
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  static @Nullable Banned banned(byte @Nullable [] value) {
    JsonNode json = value == null ? null : ChatJson.object(value);
    return json == null || ChatJson.number(json, "version") < 0
        ? null
        : new Banned(
            ChatJson.number(json, "version"),
            json.path("by").asString(""),
            json.path("reason").asString(""),
            ChatJson.number(json, "at"));
  }

  static @Nullable Posted posted(byte @Nullable [] value) {
    JsonNode json = value == null ? null : ChatJson.object(value);
    if (json == null || !json.path("ids").isArray()) {
      return null;
    }
    try {
      return new Posted(
          json.path("ids").values().stream().map(id -> Hex16.parse(id.asString(""))).toList());
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  static @Nullable Recent recent(byte @Nullable [] value) {
    JsonNode json = value == null ? null : ChatJson.object(value);
    if (json == null || !json.path("posts").isArray() || ChatJson.number(json, "last") < 0) {
      return null;
    }
    List<Numbered> posts = new ArrayList<>();
    for (JsonNode each : json.path("posts").values()) {
      Numbered post = numbered(each);
      if (post == null) {
        return null;
      }
      posts.add(post);
    }
    return new Recent(ChatJson.number(json, "last"), posts);
  }

  /// The bytes.
  default byte[] encode() {
    return ChatJson.MAPPER.writeValueAsBytes(json());
  }

  private ObjectNode json() {
    ObjectNode json = ChatJson.MAPPER.createObjectNode();
    switch (this) {
      case Admitted(String user, String text) -> json.put("user", user).put("text", text);
      case Numbered(long index, long id, String user, String text, long at) ->
          json.put("index", index)
              .put("id", Hex16.of(id))
              .put("user", user)
              .put("text", text)
              .put("at", at);
      case Rejected(long id, String room, String reason, long version, int p, long offset) -> {
        json.put("id", Hex16.of(id)).put("room", room).put("reason", reason);
        if (version >= 0) {
          json.put("version", version);
        }
        json.put("partition", p).put("offset", offset);
      }
      case Banned(long version, String by, String reason, long at) ->
          json.put("version", version).put("by", by).put("reason", reason).put("at", at);
      case Posted(List<Long> ids) -> {
        ArrayNode array = json.putArray("ids");
        ids.forEach(id -> array.add(Hex16.of(id)));
      }
      case Recent(long last, List<Numbered> posts) -> {
        ArrayNode array = json.put("last", last).putArray("posts");
        posts.forEach(post -> array.add(((ChatValue) post).json()));
      }
    }
    return json;
  }
}
