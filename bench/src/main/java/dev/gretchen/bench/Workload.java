package dev.gretchen.bench;

import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import java.time.Duration;
import java.util.Locale;

/// A stage under a load.
///
/// @param keys how many colours there are
/// @param records how many events are loaded
public record Workload(Stage stage, int keys, long records) {

  /// The longest time between commits, on all sides.
  public static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

  /// More do not fit into a judge's memory.
  static final int KEYS_MAX = 100_000_000;

  /// Partitions of each topic.
  public static final int PARTITIONS = 4;

  /// Events a second of event time, which decides how many windows there are.
  private static final double EVENT_TIME_RATE = 50_000;

  private static final long SEED = 20_252_601;

  public Workload {
    if (keys < 1 || keys > KEYS_MAX || records < 1_000 || records > 1_000_000_000) {
      throw new IllegalArgumentException(
          "a workload has 1 to 100,000,000 keys and 1,000 to 1,000,000,000 records, found "
              + keys
              + " and "
              + records);
    }
  }

  String palette() {
    return "synthetic:" + keys;
  }

  /// The load; for the count stage its colours alone are loaded.
  LoadPlan plan() {
    // of the count stage's events those that are no colour are left out when it is loaded
    long events = stage == Stage.COUNT ? records * 100 / LoadPlan.COLORS_PERCENT : records;
    return new LoadPlan(
        LoadShape.uniform(
            SEED,
            EVENT_TIME_RATE,
            Duration.ofMillis((long) (events * 1000 / EVENT_TIME_RATE)),
            PARTITIONS,
            palette()));
  }

  /// For people.
  String label() {
    return String.format(Locale.ROOT, "%s, %,d keys", stage.word(), keys);
  }
}
