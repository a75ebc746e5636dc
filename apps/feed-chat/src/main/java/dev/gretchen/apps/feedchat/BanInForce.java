package dev.gretchen.apps.feedchat;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Why a user is banned: the values of table `banned` and topic `bans`.
///
/// @param version the offset of the ban in `chat-events`; over the bans of a user it only grows
/// @param by the moderator
/// @param at epoch milliseconds
public record BanInForce(
    @JsonProperty(value = "version", required = true) long version,
    @JsonProperty(value = "by", required = true) String by,
    @JsonProperty(value = "reason", required = true) String reason,
    @JsonProperty(value = "at", required = true) long at) {}
