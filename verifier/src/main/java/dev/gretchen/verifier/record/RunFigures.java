package dev.gretchen.verifier.record;

/// What was measured of a run, to be followed over many; [RunEntry#NOT_MEASURED] for what was not.
///
/// @param eventsPerSecond from the first event of the load until the app had caught up with the
///   last
/// @param p50Millis median latency of the slowest stream over the whole run
/// @param residentMaxBytes the most memory that a worker's process had resident
/// @param growthBytesPerHour by how much that grew, see [Footprint]
public record RunFigures(
    long eventsPerSecond, long p50Millis, long residentMaxBytes, long growthBytesPerHour) {

  /// Of a run that came to nothing.
  static final RunFigures NONE =
      new RunFigures(
          RunEntry.NOT_MEASURED,
          RunEntry.NOT_MEASURED,
          RunEntry.NOT_MEASURED,
          RunEntry.NOT_MEASURED);
}
