package dev.gretchen.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What to measure, and where to put it.
///
/// @param home the folder of this project, built
/// @param concurrency calls at a time, beside one
/// @param callMillis how long a call takes
/// @param keys how many there are
/// @param seconds how long a lap is, roughly
/// @param quick whether rounds and laps are those of a quick look
/// @param out folder for raw data and logs
/// @param results the page to write
/// @param command how to do it again
public record EnrichmentOptions(
    Path home,
    int concurrency,
    int callMillis,
    int keys,
    int rounds,
    int seconds,
    boolean quick,
    Path out,
    Path results,
    List<String> command) {

  public static final int ROUNDS = 3;
  public static final int ROUNDS_QUICK = 1;
  public static final int SECONDS = 10;
  public static final int SECONDS_QUICK = 5;

  /// Events before the clock starts, for each call at a time.
  static final int WARM_UP_PER_CALL = 20;

  public EnrichmentOptions {
    command = List.copyOf(command);
    within("--concurrency", concurrency, 2, 1_000);
    within("--call", callMillis, 1, 10_000);
    within("--keys", keys, 1, 1_000_000);
    within("--rounds", rounds, 1, 100);
    within("--seconds", seconds, 1, 600);
  }

  private static void within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s: expected %,d to %,d, found %,d", option, least, most, value));
    }
  }

  /// Orders before the clock starts.
  ///
  /// @param calls at a time
  long warmUp(int calls) {
    return (long) calls * WARM_UP_PER_CALL;
  }

  /// What a side can do at the most in its warm-up and lap.
  ///
  /// @param calls at a time
  long orders(int calls) {
    return warmUp(calls) + calls * 1_000L * seconds / callMillis;
  }
}
