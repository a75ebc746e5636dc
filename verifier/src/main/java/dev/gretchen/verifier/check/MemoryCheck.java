package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.MemorySample;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/// `worker-memory`: at no time had a worker more memory resident than the app promises, however
/// long the services that it calls let it wait.
///
/// Kind: `too-much-memory`, once for each worker and stretch beyond the promise.
public final class MemoryCheck {

  /// The property's name.
  public static final String NAME = "worker-memory";

  private static final long MEBIBYTE = 1 << 20;

  private MemoryCheck() {}

  /// Judges what was seen of the workers' processes.
  ///
  /// @param promisedMib what each may have
  /// @param samples in the order of time
  public static Property check(Witness witness, int promisedMib, Iterator<MemorySample> samples) {
    Findings findings = new Findings();
    Set<String> beyond = new HashSet<>();
    long most = 0;
    while (samples.hasNext()) {
      MemorySample sample = samples.next();
      findings.compared();
      most = Math.max(most, sample.residentBytes());
      if (sample.residentBytes() <= promisedMib * MEBIBYTE) {
        beyond.remove(sample.worker());
      } else if (beyond.add(sample.worker())) {
        findings.add(() ->
            new Anomaly(
                "too-much-memory",
                "%s had %d MiB resident, promised are at most %d%s."
                    .formatted(
                        sample.worker(),
                        sample.residentBytes() / MEBIBYTE,
                        promisedMib,
                        underWay(witness, sample.at())),
                List.of(),
                sample.at()));
      }
    }
    Property property =
        findings.property(
            NAME,
            Section.LIVENESS,
            "No worker had more than %d MiB resident; promised are at most %d."
                .formatted(most / MEBIBYTE, promisedMib));
    return property.compared() == 0
        ? Property.skipped(
            NAME, Section.LIVENESS, "This machine does not tell what its processes have resident.")
        : property;
  }

  /// The fault of that time, as a clause.
  private static String underWay(Witness witness, long at) {
    return witness.faults().stream()
        .filter(fault -> fault.at() <= at && (fault.healedAt() == 0 || at <= fault.healedAt()))
        .reduce((_, later) -> later)
        .map(fault -> ", while " + fault.target() + " suffered from " + fault.kind())
        .orElse("");
  }
}
