package dev.gretchen.apps.feedchat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// What happens to a user, in one order: the values of `chat-events`, whose key is the user.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ChatEvent.Post.class, name = "post"),
  @JsonSubTypes.Type(value = ChatEvent.Ban.class, name = "ban"),
  @JsonSubTypes.Type(value = ChatEvent.Unban.class, name = "unban")
})
public sealed interface ChatEvent {

  /// The user says something in a room.
  record Post(
      @JsonProperty(value = "room", required = true) String room,
      @JsonProperty(value = "text", required = true) String text)
      implements ChatEvent {

    public Post {
      Rules.room(room);
      Rules.text(text);
    }
  }

  /// The user's posts are rejected from now on.
  ///
  /// @param by the moderator
  record Ban(
      @JsonProperty(value = "by", required = true) String by,
      @JsonProperty(value = "reason", required = true) String reason)
      implements ChatEvent {

    public Ban {
      Rules.user(by);
      Rules.reason(reason);
    }
  }

  /// They are not any more.
  ///
  /// @param by the moderator
  record Unban(@JsonProperty(value = "by", required = true) String by) implements ChatEvent {

    public Unban {
      Rules.user(by);
    }
  }
}
