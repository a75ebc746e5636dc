package dev.gretchen.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What to measure, and where to put it.
///
/// @param home the folder of this project, built
/// @param faults how often each side is hit, null for what suits the side
/// @param keys how many colours there are, which is how much state
/// @param rate events a second
/// @param out folder for raw data and logs
/// @param results the page to write, its picture beside it
/// @param command how to do it again
public record TakeoverOptions(
    Path home,
    TakeoverFault fault,
    SequencedSet<TakeoverSide> sides,
    @Nullable Integer faults,
    boolean quick,
    int keys,
    int rate,
    Path out,
    Path results,
    List<String> command) {

  /// Workers of each side, and brokers.
  static final int WORKERS = 3;

  /// Partitions of each topic.
  static final int PARTITIONS = 8;

  /// The longest time between commits, on all sides.
  static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

  private static final int QUICK_DIVISOR = 20;
  private static final int QUICK_MIN = 2;

  public TakeoverOptions {
    command = List.copyOf(command);
    if (faults != null && (faults < 1 || faults > 10_000)) {
      throw new IllegalArgumentException("--kills: expected 1 to 10,000, found " + faults);
    }
    if (keys < 1 || keys > 10_000_000) {
      throw new IllegalArgumentException("--keys: expected 1 to 10,000,000, found " + keys);
    }
    if (rate < 100 || rate > 100_000) {
      throw new IllegalArgumentException("--rate: expected 100 to 100,000, found " + rate);
    }
  }

  /// How often a side is hit.
  int faults(TakeoverSide side) {
    if (faults != null) {
      return faults;
    }
    return quick ? Math.max(QUICK_MIN, side.faults() / QUICK_DIVISOR) : side.faults();
  }

  /// How long it may take: start and warm-up, then calm, takeover and return for each fault. From
  /// experience, for a line on the screen.
  Duration estimate() {
    long seconds = 30;
    for (TakeoverSide side : sides) {
      long takeover =
          fault == TakeoverFault.RESTART
              ? 2
              : switch (side) {
                case ENGINE -> 3;
                case STREAMS_TUNED -> 16;
                case STREAMS_DEFAULT -> 55;
              };
      seconds += 45 + faults(side) * (12 + takeover);
    }
    return Duration.ofSeconds(seconds);
  }
}
