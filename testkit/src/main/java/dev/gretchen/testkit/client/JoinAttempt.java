package dev.gretchen.testkit.client;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// An attempt to join a group, in the background, and what becomes of it: an assignment or a
/// failure, which the next poll takes up.
final class JoinAttempt {

  private byte @Nullable [] assignment;
  private @Nullable RuntimeException failure;
  private Errors error = Errors.NONE;

  boolean isDone() {
    return assignment != null || failure != null;
  }

  void succeed(byte[] assigned) {
    assignment = assigned;
  }

  void fail(Errors cause) {
    error = cause;
    fail(cause.exception());
  }

  void fail(RuntimeException cause) {
    failure = cause;
  }

  byte @Nullable [] assignment() {
    return assignment;
  }

  @Nullable RuntimeException failure() {
    return failure;
  }

  /// The coordinator's answer that made it fail, [Errors#NONE] if it was something else.
  Errors error() {
    return error;
  }
}
