package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Verdict;
import java.util.List;

/// The command that repeats a run.
///
/// @param command program and arguments, one list element each, unquoted
/// @param exact whether this is what was typed; otherwise it was derived from the verdict, and the
///   options that a verdict does not hold are at their defaults
public record Repro(List<String> command, boolean exact) {

  public Repro {
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw new IllegalArgumentException(
          "a run is repeated by a command, got an empty one; use Repro.fromSeed where it is unknown");
    }
    for (String word : command) {
      if (word.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "no command line can hold a NUL character, found one in an argument of "
                + command.getFirst());
      }
    }
  }

  /// The command line that started the run.
  public static Repro exactly(List<String> command) {
    return new Repro(command, true);
  }

  /// What can be said from the verdict alone: app, seed and guarantees.
  public static Repro fromSeed(Verdict verdict) {
    return new Repro(
        List.of(
            "./gretchen",
            "verify",
            "--app",
            PlainText.line(verdict.app()),
            "--seed",
            Long.toString(verdict.seed()),
            "--guarantee",
            PlainText.line(verdict.guarantee()),
            "--judge-as",
            PlainText.line(verdict.judgedAs())),
        false);
  }

  /// The command as one line for a POSIX shell.
  public String shellLine() {
    return ShellWords.join(command);
  }
}
