package dev.gretchen.simulation;

/// The names that word-colors gives to what it reads and writes.
final class WordColorsContract {

  static final String GROUP = "word-colors";
  static final String INPUT = "words";
  static final String COLORS = "colors";
  static final String COUNTS = "color-counts";

  private WordColorsContract() {}
}
