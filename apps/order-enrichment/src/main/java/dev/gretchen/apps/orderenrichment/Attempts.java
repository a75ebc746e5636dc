package dev.gretchen.apps.orderenrichment;

import java.util.concurrent.TimeUnit;

/// Counts the attempts of one call, for whoever judges them: which it is, and how many milliseconds
/// ago the one before was begun. A service cannot know that its caller's time-out has passed. For
/// one call at a time, whose attempts follow one another.
final class Attempts {

  /// The header that says it, such as `2;2087`.
  static final String HEADER = "Gretchen-Attempt";

  private int attempt;
  private long began;

  /// Begins an attempt.
  String next() {
    long before = began;
    began = System.nanoTime();
    attempt++;
    return attempt + ";" + (attempt == 1 ? 0 : TimeUnit.NANOSECONDS.toMillis(began - before));
  }
}
