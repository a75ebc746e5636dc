package dev.gretchen.engine;

import java.time.Duration;

/// How many events an agent takes at a time, and how long the first of them waits for the others:
/// for services that are cheaper asked once about many things than many times about one.
///
///     app.agent("index", orders, new Take(100, Duration.ofMillis(50)), batch -> search.store(batch))
///
/// @param events 1 to 1,000; a batch has at least one
/// @param within a batch begins when it is complete, or when its first event has waited so long; at
///   most a minute
public record Take(int events, Duration within) {

  /// More would not fit the metadata of the committed offset.
  public static final int EVENTS_MAX = 1_000;

  private static final Duration WITHIN_MAX = Duration.ofMinutes(1);

  public Take {
    if (events < 1 || events > EVENTS_MAX) {
      throw new IllegalArgumentException(
          "a batch has 1 to " + EVENTS_MAX + " events, found " + events);
    }
    if (within.isNegative() || within.compareTo(WITHIN_MAX) > 0) {
      throw new IllegalArgumentException(
          "events wait for a batch from none to " + WITHIN_MAX + ", found " + within);
    }
  }
}
