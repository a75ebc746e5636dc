package dev.gretchen.bench;

import java.util.List;

/// What is measured.
public enum Stage {
  /// The count stage alone: `colors` is there, a table counts it and publishes its changes, one a
  /// key and commit.
  COUNT("count", "colors", "-color-total-changelog"),
  /// The whole app: `words` is there; filter, re-key, count, both tables, one update an event.
  APP("app", "words", "color-counts");

  private final String word;
  private final String input;
  private final String answers;

  Stage(String word, String input, String answers) {
    this.word = word;
    this.input = input;
    this.answers = answers;
  }

  /// The word on the command line.
  public String word() {
    return word;
  }

  /// The topic that is loaded before.
  String input() {
    return input;
  }

  /// The topics that must exist before a worker starts.
  List<String> outputs() {
    return switch (this) {
      case COUNT -> List.of("color-counts");
      case APP -> List.of("colors", "color-counts");
    };
  }

  /// How the name of the topic ends whose last tally of each key is the answer.
  String answers() {
    return answers;
  }

  /// Whether each event must have a record of its own in the topic of answers.
  boolean isAnsweredEvent() {
    return this == APP;
  }

  /// What the peers are told to run.
  String program() {
    return switch (this) {
      case COUNT -> "count-published";
      case APP -> "word-colors";
    };
  }

  /// Reads a word of the command line.
  ///
  /// @throws IllegalArgumentException naming those that there are
  public static List<Stage> parse(String text) {
    return switch (text) {
      case "count" -> List.of(COUNT);
      case "app" -> List.of(APP);
      case "all" -> List.of(COUNT, APP);
      default ->
          throw new IllegalArgumentException(
              "--stage: expected count, app or all, found '" + text + "'");
    };
  }
}
