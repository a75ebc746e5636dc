package dev.gretchen.verifier.record;

import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What makes violations of different runs the same one: the property, the kind of its first
/// anomaly, and the kind of the fault before it. Keys, offsets and times are another in each run.
///
/// In words, so that it explains itself: `stream-exact:colors doubled after kill-owner`.
final class Fingerprint {

  private Fingerprint() {}

  /// Of a property that failed; empty for any other.
  static Optional<String> of(Property property, List<FaultOutcome> faults) {
    if (property.status() != Status.FAIL) {
      return Optional.empty();
    }
    if (property.anomalies().isEmpty()) {
      return Optional.of(property.name());
    }
    Anomaly first = property.anomalies().getFirst();
    String what = property.name() + " " + first.kind();
    return Optional.of(
        before(first, faults).map(fault -> what + " after " + fault.kind()).orElse(what));
  }

  private static Optional<FaultOutcome> before(Anomaly anomaly, List<FaultOutcome> faults) {
    return faults.stream()
        .filter(fault -> fault.at() > 0 && fault.at() <= anomaly.atMillis())
        .max(Comparator.comparingLong(FaultOutcome::at));
  }
}
