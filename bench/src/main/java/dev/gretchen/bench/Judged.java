package dev.gretchen.bench;

/// What became of holding a side's answer against the truth.
sealed interface Judged {

  /// Every key has its tally.
  ///
  /// @param outputs records in the topics of outputs
  /// @param changelogs records in changelogs
  record Right(long outputs, long changelogs) implements Judged {}

  /// The number does not count.
  record Wrong(String sentence) implements Judged {}
}
