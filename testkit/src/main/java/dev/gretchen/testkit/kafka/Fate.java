package dev.gretchen.testkit.kafka;

import org.apache.kafka.common.protocol.Errors;

/// What the network does with one request.
public sealed interface Fate {

  /// It arrives, and so does the reply.
  ///
  /// @param thereNanos until the broker has it
  /// @param backNanos until the client has the reply
  record Delivered(long thereNanos, long backNanos) implements Fate {}

  /// The connection breaks before the broker has it.
  record RequestLost(long noticedAfterNanos) implements Fate {}

  /// The broker carries it out, and the connection breaks before the client has the reply.
  ///
  /// @param thereNanos until the broker has it
  record ReplyLost(long thereNanos, long noticedAfterNanos) implements Fate {}

  /// A broker refuses it, for a reason that passes.
  record Refused(long afterNanos, Errors error) implements Fate {}
}
