package dev.gretchen.verifier.contract;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What somebody wants of a chat: an event of its input, whose key is the user that it is about.
public sealed interface ChatEvent {

  /// Who posts, is banned or is not banned any more.
  String user();

  /// A post in a room.
  record Post(String user, String room, String text) implements ChatEvent {}

  /// A ban.
  ///
  /// @param by the moderator
  record Ban(String user, String by, String reason) implements ChatEvent {}

  /// The end of a ban.
  record Unban(String user, String by) implements ChatEvent {}

  /// The event that key and value of a record say; null where they break a rule of the contract, so
  /// that the record must become a dead letter.
  static @Nullable ChatEvent decode(byte @Nullable [] key, byte @Nullable [] value) {
    if (key == null || value == null) {
      return null;
    }
    String user = new String(key, StandardCharsets.UTF_8);
    JsonNode json = ChatJson.object(value);
    if (json == null || !ChatText.isUser(user)) {
      return null;
    }
    String by = json.path("by").asString("");
    return switch (json.path("type").asString("")) {
      case "post" -> {
        String room = json.path("room").asString("");
        String text = json.path("text").asString("");
        yield ChatText.isRoom(room) && ChatText.isText(text) ? new Post(user, room, text) : null;
      }
      case "ban" -> {
        String reason = json.path("reason").asString("");
        yield ChatText.isUser(by) && ChatText.isReason(reason) ? new Ban(user, by, reason) : null;
      }
      case "unban" -> ChatText.isUser(by) ? new Unban(user, by) : null;
      default -> null;
    };
  }

  /// The value of a record with the event.
  default byte[] value() {
    ObjectNode json = ChatJson.MAPPER.createObjectNode();
    switch (this) {
      case Post(String _, String room, String text) ->
          json.put("type", "post").put("room", room).put("text", text);
      case Ban(String _, String by, String reason) ->
          json.put("type", "ban").put("by", by).put("reason", reason);
      case Unban(String _, String by) -> json.put("type", "unban").put("by", by);
    }
    return ChatJson.MAPPER.writeValueAsBytes(json);
  }
}
