package dev.gretchen.verifier.record;

import dev.gretchen.verifier.verdict.FaultOutcome;
import java.util.List;

/// How takeovers went after the faults of one kind, over many runs.
///
/// Silences are milliseconds beyond the usual silence of the same run, on the partitions of whoever
/// was hit; percentiles are those of the nearest rank.
///
/// @param kind of the fault
/// @param times how often it was proven
/// @param measured how often there was a silence to measure
/// @param silence of the partitions that the victim held
/// @param others of all other partitions
/// @param detected milliseconds from the fault to its detection
/// @param firstOutput milliseconds from the fault to the first output of what the victim held
public record FaultFigures(
    String kind,
    int times,
    int measured,
    Percentiles silence,
    Percentiles others,
    Percentiles detected,
    Percentiles firstOutput) {

  /// Of some faults, by kind, in the order of the kinds' names.
  public static List<FaultFigures> of(List<FaultOutcome> faults) {
    return Trend.byKind(faults.stream().map(FaultRow::of).toList());
  }
}
