package dev.gretchen.verifier.verdict;

/// How a whole run ended, from best to worst, with the exit status of the command that ran it.
public enum Outcome {
  PASS(0),
  VACUOUS(2),
  UNKNOWN(2),
  HARNESS_ERROR(3),
  FAIL(1);

  private final int exitStatus;

  Outcome(int exitStatus) {
    this.exitStatus = exitStatus;
  }

  /// The exit status of the process, as documented for every command.
  public int exitStatus() {
    return exitStatus;
  }
}
