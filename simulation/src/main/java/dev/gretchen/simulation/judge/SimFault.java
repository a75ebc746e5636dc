package dev.gretchen.simulation.judge;

/// A disturbance that took effect in a simulated run.
///
/// @param kind a word, such as `kill`
/// @param target what was hit, such as a worker's name
/// @param atNanos virtual time
/// @param healedNanos virtual time, 0 where it was not healed
public record SimFault(String kind, String target, long atNanos, long healedNanos, Nature nature) {

  /// What a disturbance leaves a worker the chance to do.
  public enum Nature {
    /// Every worker could finish and commit before it gave anything up: a join, a graceful leave, a
    /// compaction. It excuses nothing.
    CLEAN,
    /// A worker could not know what had become of its work, or was taken for dead: a request or a
    /// reply was lost, refused, or late beyond a time-out; a pause.
    UNCERTAIN,
    /// A process ended without a chance to finish.
    CRASH
  }

  /// Whether work since the last committed offset may be done again, where that is allowed.
  boolean excusesRepetition() {
    return nature != Nature.CLEAN;
  }
}
