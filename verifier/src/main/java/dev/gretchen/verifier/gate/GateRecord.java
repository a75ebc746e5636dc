package dev.gretchen.verifier.gate;

import dev.gretchen.verifier.calibrate.CalibrationJson;
import dev.gretchen.verifier.calibrate.JudgeHash;
import dev.gretchen.verifier.gate.GateInput.StoredCalibration;
import dev.gretchen.verifier.judge.NotARunDirectory;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.verdict.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads from directories of runs what a gate decides on.
///
/// @param folders of the runs that are to pass, or directories of such runs
/// @param isMeant which of the runs below them
/// @param baseline what they are compared with
/// @param calibration a file of a calibration; null where those beside the runs will do
public record GateRecord(
    List<Path> folders,
    Predicate<RecordedRun> isMeant,
    Baseline baseline,
    @Nullable Path calibration) {

  private static final String CALIBRATION = "calibration/calibration.json";

  public GateRecord {
    folders = List.copyOf(folders);
  }

  /// What runs are compared with.
  public sealed interface Baseline {

    /// Nothing.
    record None() implements Baseline {}

    /// The latest runs that passed before those of today and were asked the same.
    ///
    /// @param runs how many, for each thing that was asked
    /// @param record the folder that they are in
    record Last(int runs, Path record) implements Baseline {}

    /// A run, or all runs of a folder.
    record Of(Path folder) implements Baseline {}
  }

  /// Reads.
  ///
  /// @throws NotARunDirectory where one of the folders does not exist
  public GateInput read(LocalDate today) {
    List<RecordedRun> runs = new ArrayList<>();
    List<RecordedRun> canaries = new ArrayList<>();
    List<StoredCalibration> calibrations = new ArrayList<>();
    for (Path folder : folders) {
      requireFolder(folder);
      RecordedRun.below(folder).stream().filter(isMeant).forEach(runs::add);
      RecordedRun.canariesBelow(folder).stream().filter(isMeant).forEach(canaries::add);
      stored(folder.resolve(CALIBRATION)).ifPresent(calibrations::add);
    }
    for (RecordedRun run : runs) {
      stored(Path.of(run.entry().path()).resolve(CALIBRATION)).ifPresent(calibrations::add);
    }
    if (calibration != null) {
      calibrations.add(
          stored(calibration)
              .orElseThrow(() ->
                  new NotARunDirectory(
                      calibration + " is no calibration; make one with ./gretchen calibrate RUN")));
    }
    return new GateInput(
        runs, earlier(runs), canaries, calibrations, JudgeHash.ofThisJudge(), today);
  }

  private static void requireFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new NotARunDirectory(
          folder + " is not a folder of runs; name one, or make one with ./gretchen verify");
    }
  }

  private List<RecordedRun> earlier(List<RecordedRun> runs) {
    return switch (baseline) {
      case Baseline.None _ -> List.of();
      case Baseline.Of(Path folder) -> {
        requireFolder(folder);
        yield RecordedRun.below(folder);
      }
      case Baseline.Last(int count, Path record) -> {
        requireFolder(record);
        yield last(count, RecordedRun.below(record), runs);
      }
    };
  }

  /// Of the runs that were asked what one of today was asked, those that began last before the
  /// first of today.
  ///
  /// @param count how many of each
  static List<RecordedRun> last(int count, List<RecordedRun> record, List<RecordedRun> today) {
    long first =
        today.stream()
            .mapToLong(run -> run.entry().startedAt())
            .filter(at -> at > 0)
            .min()
            .orElse(0);
    Map<Asked, List<RecordedRun>> earlier = new LinkedHashMap<>();
    today.forEach(run -> earlier.put(Asked.of(run), new ArrayList<>()));
    record.stream()
        .filter(run -> run.entry().outcome() == Outcome.PASS && run.entry().startedAt() < first)
        .sorted(Comparator.comparingLong((RecordedRun run) -> run.entry().startedAt()).reversed())
        .forEach(run -> {
          List<RecordedRun> same = earlier.get(Asked.of(run));
          if (same != null && same.size() < count) {
            same.add(run);
          }
        });
    return earlier.values().stream().flatMap(List::stream).toList();
  }

  private static Optional<StoredCalibration> stored(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return CalibrationJson.read(Files.readString(file))
          .map(found ->
              new StoredCalibration(
                  file.toString(), found.judge(), found.passed(), found.convicted()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
