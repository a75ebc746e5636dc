package dev.gretchen.apps.feedchat.history;

import java.util.List;

/// What Redis answers.
sealed interface RespReply {

  /// A word, such as `OK`.
  record Simple(String text) implements RespReply {}

  /// A refusal, with its reason.
  record Refusal(String reason) implements RespReply {}

  /// A whole number.
  record Amount(long value) implements RespReply {}

  record Bulk(byte[] bytes) implements RespReply {}

  /// No value.
  record Nil() implements RespReply {}

  record Many(List<RespReply> replies) implements RespReply {}
}
