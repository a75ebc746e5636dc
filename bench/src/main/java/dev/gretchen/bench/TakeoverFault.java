package dev.gretchen.bench;

import java.util.Arrays;

/// What is done to a worker.
public enum TakeoverFault {
  /// `kill -9`, restarted when others have taken over.
  KILL("kill", "kill -9"),
  /// SIGSTOP, continued when others have taken over.
  PAUSE("pause", "SIGSTOP"),
  /// SIGTERM and a start at once, one worker after the other.
  RESTART("restart", "graceful restart");

  private final String word;
  private final String label;

  TakeoverFault(String word, String label) {
    this.word = word;
    this.label = label;
  }

  /// The word on the command line and in raw data.
  public String word() {
    return word;
  }

  String label() {
    return label;
  }

  /// Reads a word of the command line.
  ///
  /// @throws IllegalArgumentException naming those that there are
  public static TakeoverFault parse(String text) {
    return Arrays.stream(values())
        .filter(fault -> fault.word.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--fault: expected kill, pause or restart, found '" + text + "'"));
  }
}
