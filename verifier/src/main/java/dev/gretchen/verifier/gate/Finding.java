package dev.gretchen.verifier.gate;

import java.util.Comparator;
import java.util.List;

/// What one rule of a policy found, in one sentence with its figures.
///
/// @param rule stable, as the policy's key, with what it is about after a colon: `recovery:
///   kill-owner`
public record Finding(String rule, Ruling ruling, String sentence) {

  /// From what lets pass to what does not.
  public enum Ruling {
    /// The rule holds.
    HELD("held"),
    /// It does not decide anything here, and need not.
    UNDECIDED("not decided"),
    /// It does not hold, for a reason that is known and let pass until a day.
    WAIVED("waived"),
    /// It does not hold.
    REFUSED("refused");

    private final String word;

    Ruling(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  static Finding held(String rule, String sentence) {
    return new Finding(rule, Ruling.HELD, sentence);
  }

  static Finding undecided(String rule, String sentence) {
    return new Finding(rule, Ruling.UNDECIDED, sentence);
  }

  static Finding refused(String rule, String sentence) {
    return new Finding(rule, Ruling.REFUSED, sentence);
  }

  static Finding of(boolean holds, String rule, String sentence) {
    return holds ? held(rule, sentence) : refused(rule, sentence);
  }

  /// What does not let pass first, otherwise in their order.
  static List<Finding> sorted(List<Finding> findings) {
    return findings.stream().sorted(Comparator.comparing(Finding::ruling).reversed()).toList();
  }
}
