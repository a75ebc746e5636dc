package dev.gretchen.verifier.verdict;

/// How the judgement of one property ended.
public enum Status {
  /// Compared at least one item and found all of them right.
  PASS,
  /// Found at least one anomaly.
  FAIL,
  /// Could not decide; the detail says why and what would decide it.
  UNKNOWN,
  /// Compared nothing, so it says nothing.
  VACUOUS,
  /// The mechanism that it needs is missing here; never alters the run's verdict.
  SKIPPED
}
