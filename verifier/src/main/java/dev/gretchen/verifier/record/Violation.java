package dev.gretchen.verifier.record;

/// A violation that runs have in common.
///
/// @param fingerprint see [Fingerprint]
/// @param runs how many runs show it
/// @param anomalies how many anomalies they count in all
/// @param firstAt epoch milliseconds at which the first of these runs began
/// @param lastAt epoch milliseconds at which the last of them began
/// @param lastPath of the last of them
/// @param example its sentence there
public record Violation(
    String fingerprint,
    int runs,
    long anomalies,
    long firstAt,
    long lastAt,
    String lastPath,
    String example) {

  /// With the same violation of a run that began later.
  Violation andLater(Violation later) {
    return new Violation(
        fingerprint,
        runs + later.runs,
        anomalies + later.anomalies,
        firstAt,
        later.lastAt,
        later.lastPath,
        later.example);
  }
}
