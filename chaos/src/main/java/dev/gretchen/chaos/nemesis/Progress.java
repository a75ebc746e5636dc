package dev.gretchen.chaos.nemesis;

import java.time.Instant;
import java.util.Optional;

/// How far the load is. Read from the nemesis's thread, often.
public interface Progress {

  /// When the load began, empty before.
  Optional<Instant> startedAt();

  /// Events acknowledged so far.
  long acknowledged();

  /// Events that the load will have in all.
  long planned();

  /// Whether the load is over: no step begins after that.
  boolean isFinished();
}
