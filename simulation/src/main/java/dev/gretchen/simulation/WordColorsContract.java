package dev.gretchen.simulation;

import java.util.List;

/// The names that word-colors gives to what it reads and writes.
final class WordColorsContract {

  static final String GROUP = "word-colors";
  static final String INPUT = "words";
  static final String COLORS = "colors";
  static final String COUNTS = "color-counts";

  static final List<String> CHANGELOGS =
      List.of("word-colors-color-total-changelog", "word-colors-color-minute-changelog");

  private WordColorsContract() {}
}
