package dev.gretchen.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What to measure, and where to put it.
///
/// @param homes where the sides are taken from
/// @param out folder for raw data and logs
/// @param results the page to write, its picture beside it
/// @param quick whether rounds and records are those of a quick look
/// @param recordings whether each run is recorded by JFR
/// @param command how to do it again
public record ThroughputOptions(
    Homes homes,
    List<Workload> workloads,
    SequencedSet<Side> sides,
    int rounds,
    Path out,
    Path results,
    boolean quick,
    boolean recordings,
    List<String> command) {

  /// Folders of this project, built.
  ///
  /// @param own this one
  /// @param before the one that [Side#ENGINE_BEFORE] is taken from, null for none
  public record Homes(Path own, @Nullable Path before) {

    Path of(Side side) {
      if (side != Side.ENGINE_BEFORE) {
        return own;
      }
      if (before == null) {
        throw new IllegalArgumentException(
            "--sides: engine-before is the engine of another folder; name it with --against");
      }
      return before;
    }
  }

  /// Rounds of a full benchmark and of a quick look.
  public static final int ROUNDS = 3;

  public static final int ROUNDS_QUICK = 2;

  /// The keys of a benchmark where nobody says otherwise.
  public static final List<Integer> KEYS = List.of(3, 1_000, 10_000, 1_000_000);

  /// For the fastest side a lap of five seconds and more.
  private static final long RECORDS = 40_000_000;

  private static final long RECORDS_QUICK = 2_400_000;

  /// An event of the whole app costs every side several times what the count stage costs.
  private static final int COST_OF_APP = 8;

  /// With many keys there is hardly anything that is written only once.
  private static final int COST_OF_MANY_KEYS = 10;

  private static final int MANY_KEYS = 100_000;

  /// Less is no measurement, however costly a record is.
  private static final long RECORDS_MIN = 600_000;

  public ThroughputOptions {
    workloads = List.copyOf(workloads);
    command = List.copyOf(command);
    sides.forEach(homes::of);
    if (rounds < 1 || rounds > 100) {
      throw new IllegalArgumentException("--rounds: expected 1 to 100, found " + rounds);
    }
  }

  /// A workload for each stage and number of keys.
  ///
  /// @param records of each, null for what suits
  public static List<Workload> workloads(
      List<Stage> stages, List<Integer> keys, @Nullable Long records, boolean quick) {
    List<Workload> workloads = new ArrayList<>();
    for (Stage stage : stages) {
      for (int number : keys) {
        long suits = quick ? RECORDS_QUICK : RECORDS;
        suits = stage == Stage.APP ? suits / COST_OF_APP : suits;
        suits = number >= MANY_KEYS ? suits / COST_OF_MANY_KEYS : suits;
        suits = Math.max(suits, RECORDS_MIN);
        workloads.add(new Workload(stage, number, records == null ? suits : records));
      }
    }
    return workloads;
  }
}
