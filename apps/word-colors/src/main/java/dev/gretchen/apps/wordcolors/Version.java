package dev.gretchen.apps.wordcolors;

/// A version of the app. All that the first promises, the second promises too.
public enum Version {
  /// Tallies in all and by minute.
  FIRST,
  /// Tallies by the hour too, in a table `color-hour`.
  SECOND;

  /// Reads `1` or `2`.
  ///
  /// @throws IllegalArgumentException naming what is allowed
  static Version parse(String text) {
    return switch (text) {
      case "1" -> FIRST;
      case "2" -> SECOND;
      default ->
          throw new IllegalArgumentException("--version: expected 1 or 2, found '" + text + "'");
    };
  }
}
