package dev.gretchen.verifier.contract;

/// What an app promises for a stream.
public enum StreamKind {
  /// Each accepted event of the source exactly once, keyed by its value.
  FILTERED("filtered"),
  /// For each event of the source one record with its key's tally after it.
  COUNT_UPDATES("count-updates"),
  /// For each event of the source either one record with what a service says of it, or a dead
  /// letter.
  ENRICHMENT("enrichment"),
  /// Each page view of all inputs exactly once, under another key.
  GATHERED("gathered"),
  /// Each event that came too late for a window of a table, as it came.
  LATE("late"),
  /// Each window of a table that has closed, once, with its last value.
  CLOSED("closed"),
  /// Each moment of a timer, once.
  TICKS("ticks");

  private final String word;

  StreamKind(String word) {
    this.word = word;
  }

  /// Whether it owes something for each event, so that silence means that nobody works.
  public boolean isSteady() {
    return switch (this) {
      case FILTERED, COUNT_UPDATES, ENRICHMENT, GATHERED -> true;
      case LATE, CLOSED, TICKS -> false;
    };
  }

  /// The word that a descriptor uses.
  public String word() {
    return word;
  }
}
