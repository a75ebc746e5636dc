package dev.gretchen.simulation;

import dev.gretchen.testkit.sim.Trace;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What became of one schedule.
///
/// @param anomalies a sentence each; none if the engine kept its promises
/// @param isVacuous whether nothing was compared, so that the absence of anomalies says nothing
/// @param sentence what the judge says of it, empty where it was not asked
/// @param traceHash equal for equal runs
/// @param steps how many steps the trace has
/// @param virtual how long it took in its own time
/// @param last the last steps of each process, where they were kept
public record Outcome(
    Schedule schedule,
    List<String> anomalies,
    boolean isVacuous,
    String sentence,
    String traceHash,
    long steps,
    Duration virtual,
    Map<String, List<Trace.Step>> last) {

  /// Whether an anomaly was found.
  public boolean hasFailed() {
    return !anomalies.isEmpty();
  }
}
