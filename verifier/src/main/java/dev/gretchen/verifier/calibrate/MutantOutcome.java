package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.List;
import java.util.Optional;

/// What became of one mutant.
///
/// @param mutant its name
/// @param what what was falsified and where, or why it does not apply
/// @param property the one that had to convict it, empty where it does not apply
/// @param state how it ended
/// @param sentence the one that convicts; of a survivor, what the judge said instead
/// @param convictedBy all properties that did not hold, in the verdict's order
/// @param judgeMillis how long the judge took
public record MutantOutcome(
    String mutant,
    String what,
    String property,
    State state,
    String sentence,
    List<String> convictedBy,
    long judgeMillis) {

  /// How a mutant can end.
  public enum State {
    /// Convicted by the right property, with the culprit's name.
    KILLED,
    /// Not convicted, or by the wrong property, or without a name, or beside somebody innocent.
    SURVIVED,
    /// The recorded run holds nothing that it could falsify.
    DOES_NOT_APPLY
  }

  public MutantOutcome {
    convictedBy = List.copyOf(convictedBy);
  }

  static MutantOutcome doesNotApply(String mutant, String why) {
    return new MutantOutcome(mutant, why, "", State.DOES_NOT_APPLY, "", List.of(), 0);
  }

  static MutantOutcome of(String mutant, Forgery forgery, Verdict verdict, long judgeMillis) {
    Optional<String> conviction = forgery.expected().conviction(verdict);
    return new MutantOutcome(
        mutant,
        forgery.what(),
        forgery.expected().property(),
        conviction.isPresent() ? State.KILLED : State.SURVIVED,
        conviction.orElseGet(() -> verdict.verdict() + ": " + verdict.sentence()),
        verdict.properties().stream()
            .filter(p -> p.status() != Status.PASS && p.status() != Status.SKIPPED)
            .map(Property::name)
            .toList(),
        judgeMillis);
  }
}
