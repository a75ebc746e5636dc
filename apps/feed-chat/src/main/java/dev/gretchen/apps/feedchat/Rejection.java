package dev.gretchen.apps.feedchat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// A post that was not let in: the values of `rejected`, whose key is the user.
///
/// @param id the event id as hex16
/// @param version of the ban in force; null where that is not the reason
/// @param partition where the post stands in `chat-events`
/// @param offset where the post stands in `chat-events`
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Rejection(
    @JsonProperty(value = "id", required = true) String id,
    @JsonProperty(value = "room", required = true) String room,
    @JsonProperty(value = "reason", required = true) Reason reason,
    @JsonProperty("version") @Nullable Long version,
    @JsonProperty(value = "partition", required = true) int partition,
    @JsonProperty(value = "offset", required = true) long offset) {

  /// Why.
  public enum Reason {
    /// The user was banned.
    banned,
    /// The post had been let in before.
    repeated
  }
}
