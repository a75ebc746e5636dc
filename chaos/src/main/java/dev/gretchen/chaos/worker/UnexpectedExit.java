package dev.gretchen.chaos.worker;

import java.time.Instant;

/// A worker's process ended and nobody here had ended it, or a graceful stop failed.
///
/// @param at when it ended
public record UnexpectedExit(Incarnation incarnation, int exitStatus, Instant at, String logTail) {

  /// One sentence for a report.
  public String describe() {
    return "Worker %s (pid %d) ended by itself with exit status %d; its log is %s"
        .formatted(incarnation.worker(), incarnation.pid(), exitStatus, incarnation.log());
  }
}
