package dev.gretchen.apps.feedchat;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A post with its place in its room: the values of `feed`, whose key is the room.
///
/// @param index 1 for the room's first, then without a hole
/// @param id the event id as hex16
/// @param at when it was written, epoch milliseconds
public record FeedPost(
    @JsonProperty(value = "index", required = true) long index,
    @JsonProperty(value = "id", required = true) String id,
    @JsonProperty(value = "user", required = true) String user,
    @JsonProperty(value = "text", required = true) String text,
    @JsonProperty(value = "at", required = true) long at) {

  public FeedPost {
    if (index < 1) {
      throw new IllegalArgumentException("indexes begin with 1, found " + index);
    }
    Rules.id(id);
    Rules.user(user);
    Rules.text(text);
  }
}
