package dev.gretchen.engine;

import java.time.Instant;

/// One firing of a timer.
///
/// @param timer its name
/// @param at the moment for which it fires; the handler may run later
public record Tick(String timer, Instant at) {

  /// A key for calls outside Kafka that must not happen twice: the same over retries and takeovers.
  public String idempotencyKey() {
    return timer + "@" + at.toEpochMilli();
  }
}
