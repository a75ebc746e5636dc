package dev.gretchen.verifier.verdict;

/// Which part of a verdict a property belongs to; the three stay apart in every report.
public enum Section {
  /// What must never happen: lost, doubled or wrong effects.
  SAFETY,
  /// What must happen in time: progress, recovery, drain.
  LIVENESS,
  /// What is Kafka's or the machine's doing, and not the app's.
  PLATFORM
}
