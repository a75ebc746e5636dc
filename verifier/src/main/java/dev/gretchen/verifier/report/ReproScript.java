package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Verdict;

/// Renders `repro.sh`, which repeats a run; arguments given to it are appended to the command, so
/// that a later option can override an earlier one.
public final class ReproScript {

  private ReproScript() {}

  /// The whole script, for any POSIX shell.
  public static String render(Verdict verdict, Repro repro) {
    return """
    #!/bin/sh
    # Repeats a run of Gretchen: app %s, seed %d, %s judged as %s.
    # It ended as %s on %s: %s
    # Start it from the folder in which the command below was first given.
    # Equal seed and options give the same load (hash %s)
    # and the same fault plan (hash %s); what the machine does between them may differ.
    # %s
    set -eu
    exec %s "$@"
    """
        .formatted(
            PlainText.line(verdict.app()),
            verdict.seed(),
            PlainText.line(verdict.guarantee()),
            PlainText.line(verdict.judgedAs()),
            Words.of(verdict.verdict()),
            Phrases.date(verdict.endedAt()),
            PlainText.shortLine(verdict.sentence(), 400),
            PlainText.line(verdict.loadHash()),
            PlainText.line(verdict.planHash()),
            repro.exact()
                ? "The command is the one that started the run."
                : "The command was derived from the verdict: other options are at their defaults.",
            repro.shellLine());
  }
}
