package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.calibrate.MutantOutcome.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a calibration showed.
///
/// @param run the recorded run
/// @param app its app
/// @param events how many events it has
/// @param without the checkers whose word was not heard
/// @param checkers those that judged the recorded run, by name without subject
/// @param mutants what became of each
public record CalibrationResult(
    String run,
    String app,
    long events,
    List<String> without,
    List<String> checkers,
    List<MutantOutcome> mutants) {

  public CalibrationResult {
    without = List.copyOf(without);
    checkers = List.copyOf(checkers);
    mutants = List.copyOf(mutants);
  }

  /// The mutants that ended so.
  public List<MutantOutcome> with(State state) {
    return mutants.stream().filter(mutant -> mutant.state() == state).toList();
  }

  /// The checkers that judged the run and convicted no mutant that was theirs to convict.
  public List<String> unproven() {
    Set<String> proven =
        with(State.KILLED).stream()
            .map(mutant -> Expected.checker(mutant.property()))
            .collect(Collectors.toSet());
    List<String> unproven = new ArrayList<>(checkers);
    unproven.removeAll(proven);
    return unproven;
  }

  /// Whether no mutant survived and every checker is proven.
  public boolean passed() {
    return with(State.SURVIVED).isEmpty() && unproven().isEmpty();
  }
}
