package dev.gretchen.cli;

/// The exit statuses of every command, beside those of a verdict.
final class ExitStatus {

  static final int OK = 0;

  /// A benchmark was done, and an answer was wrong.
  static final int WRONG_ANSWER = 1;

  /// The harness or its surroundings.
  static final int ENVIRONMENT = 3;

  static final int USAGE = 64;

  /// After Ctrl-C.
  static final int INTERRUPTED = 130;

  private ExitStatus() {}
}
