package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.List;

/// `steady-group`: a service that is slow or dead costs the app time and nothing else. While one
/// misbehaves, and no worker or broker was touched shortly before, no partition changes hands.
///
/// Kind: `lost-partition`.
public final class SteadyGroupCheck {

  /// The property's name.
  public static final String NAME = "steady-group";

  /// How long after a fault of a worker or broker its consequences may show.
  public static final long AFTERMATH_MILLIS = 20_000;

  private static final String SERVICE = "service-";
  private static final List<String> CHANGES = List.of("assigned", "revoked", "lost");

  private SteadyGroupCheck() {}

  /// Judges the group by its audit.
  public static Property check(Witness witness, List<AuditEvent> audit) {
    Findings findings = new Findings();
    List<Moment> faults = witness.faults();
    for (Moment fault : faults) {
      if (!isOfService(fault.kind()) || isTouched(faults, fault)) {
        continue;
      }
      findings.compared();
      for (AuditEvent event : audit) {
        if (event.at() >= fault.at()
            && event.at() <= fault.healedAt()
            && CHANGES.contains(event.event())) {
          findings.add(() ->
              new Anomaly(
                  "lost-partition",
                  event.topic()
                      + "-"
                      + event.partition()
                      + " was "
                      + event.event()
                      + " at "
                      + event.worker()
                      + " while "
                      + fault.target()
                      + " suffered from "
                      + fault.kind()
                      + ".",
                  List.of(),
                  event.at()));
        }
      }
    }
    Property property =
        findings.property(
            NAME, Section.LIVENESS, "No partition changed hands while a service was in trouble.");
    return property.compared() == 0
        ? Property.skipped(
            NAME, Section.LIVENESS, "no service was in trouble while the workers were left alone")
        : property;
  }

  /// Whether a kind of fault is one of a service.
  public static boolean isOfService(String kind) {
    return kind.startsWith(SERVICE);
  }

  private static boolean isTouched(List<Moment> faults, Moment service) {
    return faults.stream()
        .filter(other -> !isOfService(other.kind()))
        .anyMatch(other ->
            other.at() <= service.healedAt()
                && Math.max(other.at(), other.healedAt()) + AFTERMATH_MILLIS >= service.at());
  }
}
