package dev.gretchen.verifier.contract;

/// What an app promises for a table.
public enum TableKind {
  /// Per key the tally of all events of the source.
  COUNTS("counts"),
  /// Per key and window, tumbling or hopping, the tally.
  WINDOWED_COUNTS("windowed-counts"),
  /// Per key and session the tally.
  SESSIONS("sessions"),
  /// Per key the tally of the events since it last was without one for too long.
  EXPIRING_COUNTS("expiring-counts");

  private final String word;

  TableKind(String word) {
    this.word = word;
  }

  /// The word that a descriptor uses.
  public String word() {
    return word;
  }
}
