package dev.gretchen.apps.orderenrichment;

import java.util.concurrent.TimeUnit;

/// Counts the attempts of one call, for whoever judges them: which it is, how many milliseconds ago
/// the one before was begun, who makes them, and when. A service cannot know that its caller's
/// time-out has passed. For one call at a time, whose attempts follow one another.
final class Attempts {

  /// The header that says it, such as `2;2087;w1;1795348155063`.
  static final String HEADER = "Gretchen-Attempt";

  private final String caller;
  private int attempt;
  private long began;

  Attempts(String caller) {
    this.caller = caller;
  }

  /// Begins an attempt.
  String next() {
    long before = began;
    began = System.nanoTime();
    attempt++;
    long since = attempt == 1 ? 0 : TimeUnit.NANOSECONDS.toMillis(began - before);
    return attempt + ";" + since + ";" + caller + ";" + System.currentTimeMillis();
  }
}
