package dev.gretchen.apps.feedchat;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A post that was let in: the values of `admitted`, whose key is the room.
public record Admitted(
    @JsonProperty(value = "user", required = true) String user,
    @JsonProperty(value = "text", required = true) String text) {

  public Admitted {
    Rules.user(user);
    Rules.text(text);
  }
}
