package dev.gretchen.verifier.contract;

/// What an app promises for a stream.
public enum StreamKind {
  /// Each accepted event of the source exactly once, keyed by its value.
  FILTERED("filtered"),
  /// For each event of the source one record with its key's tally after it.
  COUNT_UPDATES("count-updates"),
  /// For each event of the source either one record with what a service says of it, or a dead
  /// letter.
  ENRICHMENT("enrichment");

  private final String word;

  StreamKind(String word) {
    this.word = word;
  }

  /// The word that a descriptor uses.
  public String word() {
    return word;
  }
}
