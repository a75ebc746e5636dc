package dev.gretchen.peers.worker;

/// What a peer runs.
public enum Program {
  /// The whole app: `words` -> filter -> `colors` -> count -> `color-counts`, with both tables.
  WORD_COLORS,
  /// The count stage alone, for measuring: `colors` -> count, with the table `color-total`.
  COUNT,
  /// The same, and the table's changes go to `color-counts`: one a key and commit.
  COUNT_PUBLISHED;

  static Program parse(String text) {
    return switch (text) {
      case "word-colors" -> WORD_COLORS;
      case "count" -> COUNT;
      case "count-published" -> COUNT_PUBLISHED;
      default ->
          throw new IllegalArgumentException(
              "--program: expected word-colors, count or count-published, found '" + text + "'");
    };
  }
}
