package dev.gretchen.verifier.history;

/// A history file that is damaged before its end; a cut-off end is normal and no error.
public final class HistoryDamaged extends RuntimeException {
  public HistoryDamaged(String sentence) {
    super(sentence);
  }
}
