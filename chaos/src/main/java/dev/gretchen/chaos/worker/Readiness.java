package dev.gretchen.chaos.worker;

import java.time.Duration;

/// What became of waiting for a worker's `/readyz`.
public sealed interface Readiness {

  /// It answered 200.
  record Ready(Duration after) implements Readiness {}

  /// Its process is gone.
  ///
  /// @param exitStatus of the process, -1 where it was never started
  record Down(int exitStatus, String logTail) implements Readiness {}

  /// Time was up.
  record NotReady(Duration after) implements Readiness {}

  default boolean isReady() {
    return this instanceof Ready;
  }

  /// For a message, such as `not ready after 60000 ms`.
  default String describe() {
    return switch (this) {
      case Ready(Duration after) -> "ready after " + after.toMillis() + " ms";
      case Down(int status, String _) -> "down with exit status " + status;
      case NotReady(Duration after) -> "not ready after " + after.toMillis() + " ms";
    };
  }
}
