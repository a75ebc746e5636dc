package dev.gretchen.verifier.gate;

import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.verdict.Verdict;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What a gate decides on.
///
/// @param runs what is to pass
/// @param baseline earlier runs that it is compared with
/// @param canaries runs of engines that are broken on purpose
/// @param calibrations that were found
/// @param judge the hash of the judge that judges now, see
///   [dev.gretchen.verifier.calibrate.JudgeHash]
/// @param today for what expires
public record GateInput(
    List<RecordedRun> runs,
    List<RecordedRun> baseline,
    List<RecordedRun> canaries,
    List<StoredCalibration> calibrations,
    String judge,
    LocalDate today) {

  public GateInput {
    runs = List.copyOf(runs);
    baseline = List.copyOf(baseline);
    canaries = List.copyOf(canaries);
    calibrations = List.copyOf(calibrations);
  }

  /// A calibration that lies in a file.
  ///
  /// @param path of the file
  /// @param judge the hash of the judge that was on trial; empty where the file does not say
  /// @param passed whether every mutant was convicted and every checker proven
  /// @param mutants how many were convicted
  public record StoredCalibration(String path, String judge, boolean passed, int mutants) {}

  /// The verdicts of the runs that have one.
  List<Verdict> verdicts() {
    return runs.stream().flatMap(run -> run.verdict().stream()).toList();
  }

  /// The runs whose verdict says something of the app.
  List<RecordedRun> where(Predicate<Verdict> condition) {
    List<RecordedRun> found = new ArrayList<>();
    for (RecordedRun run : runs) {
      if (run.verdict().filter(condition).isPresent()) {
        found.add(run);
      }
    }
    return found;
  }
}
