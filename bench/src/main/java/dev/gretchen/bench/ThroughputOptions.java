package dev.gretchen.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What to measure, and where to put it.
///
/// @param home the folder of this project, built
/// @param out folder for raw data and logs
/// @param results the page to write, its picture beside it
/// @param quick whether rounds and records are those of a quick look
/// @param recordings whether each run is recorded by JFR
/// @param command how to do it again
public record ThroughputOptions(
    Path home,
    List<Workload> workloads,
    SequencedSet<Side> sides,
    int rounds,
    Path out,
    Path results,
    boolean quick,
    boolean recordings,
    List<String> command) {

  /// Rounds of a full benchmark and of a quick look.
  public static final int ROUNDS = 5;

  public static final int ROUNDS_QUICK = 2;

  /// The keys of a benchmark where nobody says otherwise.
  public static final List<Integer> KEYS = List.of(3, 1_000, 1_000_000);

  private static final long RECORDS = 12_000_000;
  private static final long RECORDS_QUICK = 2_400_000;

  /// Keys from which on there is hardly anything to write only once.
  private static final int MANY_KEYS = 100_000;

  public ThroughputOptions {
    workloads = List.copyOf(workloads);
    command = List.copyOf(command);
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
        // the whole app does three times the work for an event, and with many keys so does a stage
        suits = stage == Stage.APP ? suits / 3 : suits;
        suits = number >= MANY_KEYS ? suits / 4 : suits;
        workloads.add(new Workload(stage, number, records == null ? suits : records));
      }
    }
    return workloads;
  }
}
