package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.calibrate.MutantOutcome.State;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A calibration as text: the table mutant × checker, then the sentence that convicts each mutant.
public final class CalibrationText {

  private static final String RIGHT = "X";
  private static final String TOO = "+";
  private static final String NONE = "·";

  private final CalibrationResult result;
  private final List<String> checkers;
  private final StringBuilder out = new StringBuilder();

  private CalibrationText(CalibrationResult result) {
    this.result = result;
    NavigableSet<String> names = new TreeSet<>(result.checkers());
    result.mutants().stream()
        .filter(mutant -> mutant.state() != State.DOES_NOT_APPLY)
        .flatMap(mutant -> Stream.concat(Stream.of(mutant.property()), by(mutant).stream()))
        .map(Expected::checker)
        .forEach(names::add);
    this.checkers = List.copyOf(names);
  }

  /// One mutant's line, as it is told when it is done.
  public static String line(MutantOutcome mutant) {
    return switch (mutant.state()) {
      case KILLED -> "killed    " + mutant.mutant() + " (" + mutant.judgeMillis() + " ms)";
      case SURVIVED -> "SURVIVED  " + mutant.mutant() + ": " + mutant.sentence();
      case DOES_NOT_APPLY -> "-         " + mutant.mutant() + ": " + mutant.what();
    };
  }

  /// The whole.
  public static String render(CalibrationResult result) {
    return new CalibrationText(result).text();
  }

  private String text() {
    table();
    sentences();
    summary();
    return out.toString();
  }

  private void table() {
    int width =
        result.mutants().stream().mapToInt(mutant -> mutant.mutant().length()).max().orElse(0);
    for (int i = 0; i < checkers.size(); i++) {
      out.append(pad("", width + 2)).append("│ ".repeat(i)).append("┌ ");
      out.append(checkers.get(i));
      if (result.without().contains(checkers.get(i))) {
        out.append(" (switched off)");
      }
      out.append('\n');
    }
    for (MutantOutcome mutant : result.mutants()) {
      if (mutant.state() != State.DOES_NOT_APPLY) {
        out.append(pad(mutant.mutant(), width + 2)).append(row(mutant));
        out.append(mutant.state() == State.KILLED ? "killed" : "SURVIVED").append('\n');
      }
    }
    out.append('\n').append(RIGHT).append(" the checker that had to convict it, and did; ");
    out.append(TOO).append(" one that found it too\n\n");
  }

  private String row(MutantOutcome mutant) {
    String right = Expected.checker(mutant.property());
    List<String> by = by(mutant).stream().map(Expected::checker).toList();
    return checkers.stream()
            .map(checker ->
                !by.contains(checker)
                    ? NONE
                    : checker.equals(right) && by(mutant).contains(mutant.property()) ? RIGHT : TOO)
            .collect(Collectors.joining(" "))
        + "  ";
  }

  private void sentences() {
    for (MutantOutcome mutant : result.mutants()) {
      out.append(mutant.mutant()).append('\n');
      out.append("  ").append(mutant.what()).append(".\n");
      switch (mutant.state()) {
        case KILLED -> {
          out.append("  ").append(mutant.property()).append(": ");
          out.append(mutant.sentence()).append('\n');
        }
        case SURVIVED -> {
          out.append("  SURVIVED: expected ").append(mutant.property());
          out.append(" to find it, the judge said ").append(mutant.sentence()).append('\n');
        }
        case DOES_NOT_APPLY -> out.append("  Does not apply to this run.\n");
      }
    }
    out.append('\n');
  }

  private void summary() {
    long killed = result.with(State.KILLED).size();
    long survived = result.with(State.SURVIVED).size();
    long idle = result.with(State.DOES_NOT_APPLY).size();
    out.append(
        String.format(
            Locale.ROOT,
            "%s  %d of %d mutants of a run of %s with %,d events were convicted%s",
            result.passed() ? "PASS" : "FAIL",
            killed,
            killed + survived,
            result.app(),
            result.events(),
            idle == 0 ? "" : "; " + idle + " do not apply to it"));
    if (!result.unproven().isEmpty()) {
      out.append("; no mutant proves ").append(String.join(", ", result.unproven()));
    }
    out.append(".\n");
  }

  private static List<String> by(MutantOutcome mutant) {
    return mutant.convictedBy();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
