package dev.gretchen.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.SequencedSet;

/// What to measure, and where to put it.
///
/// @param homes where the sides are taken from
/// @param keys how many there are, which is how much state: some 60 bytes each
/// @param rate events a second while a worker is killed
/// @param out folder for raw data and logs
/// @param results the page to write
/// @param command how to do it again
public record RecoveryOptions(
    ThroughputOptions.Homes homes,
    SequencedSet<Side> sides,
    int rounds,
    boolean quick,
    int keys,
    int rate,
    Path out,
    Path results,
    List<String> command) {

  public static final int ROUNDS = 3;
  public static final int ROUNDS_QUICK = 2;

  /// About a gigabyte of state.
  public static final int KEYS = 16_000_000;

  public static final int KEYS_QUICK = 1_000_000;

  public RecoveryOptions {
    command = List.copyOf(command);
    sides.forEach(homes::of);
    var _ = new KeyCycle(keys);
    if (rounds < 1 || rounds > 100) {
      throw new IllegalArgumentException("--rounds: expected 1 to 100, found " + rounds);
    }
    if (rate < 100 || rate > 100_000) {
      throw new IllegalArgumentException("--rate: expected 100 to 100,000, found " + rate);
    }
    if (sides.contains(Side.FLOOR)) {
      throw new IllegalArgumentException(
          "--sides: the floor program tells nothing of its recovery; expected some of engine,"
              + " streams and streams-tuned");
    }
  }
}
