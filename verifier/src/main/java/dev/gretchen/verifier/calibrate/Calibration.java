package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.judge.Judge;
import dev.gretchen.verifier.judge.Judgement;
import dev.gretchen.verifier.report.Reports;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The judge's own trial on a recorded run.
///
/// The story: the run as it was recorded must PASS; then each mutant falsifies it by one edit, and
/// the very same judge must convict the result by the right property, in a sentence that names the
/// culprit, without accusing anybody else; and in the end no checker may be left that no mutant has
/// proven. One thread; the recorded run is only read.
public final class Calibration {

  private final Path recorded;
  private final Path folder;
  private final Set<String> without;
  private final boolean keep;

  /// A calibration.
  ///
  /// @param recorded the directory of a run that passed
  /// @param folder where falsified runs are written
  /// @param without checkers whose word is not heard, by name without subject
  /// @param keep whether falsified runs stay, with their reports
  public Calibration(Path recorded, Path folder, Set<String> without, boolean keep) {
    this.recorded = recorded;
    this.folder = folder;
    this.without = Set.copyOf(without);
    this.keep = keep;
  }

  /// Tries mutants, and tells each result as it comes.
  ///
  /// @throws NotFitForCalibration where the recorded run does not pass
  public CalibrationResult run(List<HistoryMutant> mutants, Consumer<MutantOutcome> told) {
    Verdict verdict = Judge.judge(recorded).verdict();
    if (verdict.verdict() != Outcome.PASS) {
      throw new NotFitForCalibration(
          "a calibration needs a run that passed, but "
              + recorded
              + " is "
              + verdict.verdict()
              + ": "
              + verdict.sentence());
    }
    NavigableSet<String> judged = new TreeSet<>();
    NavigableSet<String> checkers = new TreeSet<>();
    for (Property property : verdict.properties()) {
      if (property.status() == Status.PASS) {
        judged.add(property.name());
        checkers.add(Expected.checker(property.name()));
      }
    }
    for (String checker : without) {
      if (!checkers.contains(checker)) {
        throw new IllegalArgumentException(
            "no checker '"
                + checker
                + "' judged this run; there are "
                + String.join(", ", checkers));
      }
    }
    Recording recording = new Recording(recorded);
    List<MutantOutcome> outcomes = new ArrayList<>();
    for (HistoryMutant mutant : mutants) {
      MutantOutcome outcome = tried(mutant, recording, judged);
      outcomes.add(outcome);
      told.accept(outcome);
    }
    return new CalibrationResult(
        recorded.toString(),
        verdict.app(),
        verdict.events(),
        without.stream().sorted().toList(),
        mutants.size() == HistoryMutant.values().length
            ? List.copyOf(checkers)
            : of(outcomes, checkers),
        outcomes);
  }

  /// Some mutants alone can prove nobody's checkers but their own.
  private static List<String> of(List<MutantOutcome> outcomes, Set<String> checkers) {
    return outcomes.stream()
        .map(outcome -> Expected.checker(outcome.property()))
        .filter(checkers::contains)
        .distinct()
        .sorted()
        .toList();
  }

  private MutantOutcome tried(HistoryMutant mutant, Recording recording, Set<String> judged) {
    Forgery forgery;
    try {
      forgery = mutant.forge(recording);
    } catch (NoSuchElementException nothing) {
      return MutantOutcome.doesNotApply(
          mutant.text(), "the run holds nothing to falsify that way: " + nothing.getMessage());
    }
    Expected expected = forgery.expected();
    if (!mutant.bringsProperty() && !judged.contains(expected.property())) {
      return MutantOutcome.doesNotApply(
          mutant.text(), "the run is not judged by " + expected.property());
    }
    Path forged = folder.resolve(mutant.text());
    try {
      deleteLeftovers(forged);
      ForgedRun.write(recording.run(), forgery.changes(), forged);
      long begun = System.nanoTime();
      Judgement judgement = Judge.judge(forged, without);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      if (keep) {
        judgement.write(new RunDirectory(forged));
        Reports.write(forged, judgement.verdict(), judgement.timeline());
      } else {
        Folders.delete(forged);
      }
      return MutantOutcome.of(mutant.text(), forgery, judgement.verdict(), millis);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the falsified run " + forged, e);
    }
  }

  private static void deleteLeftovers(Path forged) throws IOException {
    if (Files.exists(forged)) {
      Folders.delete(forged);
    }
  }
}
