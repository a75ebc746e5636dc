package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `clean-restart`: a worker that left in order and comes back recovers no record of the tasks that
/// nobody else had meanwhile (`recovered-records`): all that it had committed was on its disk.
///
/// What another owner wrote meanwhile has to be recovered, and is not judged; nor is a worker that
/// was killed on its way out.
public final class CleanRestartCheck {

  /// The property's name.
  public static final String NAME = "clean-restart";

  /// A kill may come so long after the request to stop.
  private static final long STOP_MILLIS_MAX = 60_000;

  private record Left(String worker, long at) {}

  private final Findings findings = new Findings();
  private final List<Moment> faults;
  private final Map<InputTask, String> owners = new HashMap<>();
  private final Map<InputTask, Left> left = new HashMap<>();

  private CleanRestartCheck(List<Moment> faults) {
    this.faults = faults;
  }

  /// Judges what workers told.
  ///
  /// @param audit in the order of time
  /// @return empty where nothing is left to be judged
  public static Optional<Property> check(List<AuditEvent> audit, List<Moment> faults) {
    CleanRestartCheck check = new CleanRestartCheck(faults);
    audit.forEach(check::take);
    Property property =
        check.findings.property(
            NAME, Section.SAFETY, "Workers that had left in order came back without a recovery.");
    return property.compared() == 0 ? Optional.empty() : Optional.of(property);
  }

  private void take(AuditEvent event) {
    if (event.event().equals("stopping")) {
      Set<InputTask> held = new HashSet<>();
      owners.forEach((task, owner) -> {
        if (owner.equals(event.worker())) {
          held.add(task);
        }
      });
      held.forEach(task -> left.put(task, new Left(event.worker(), event.at())));
    }
    if (event.partition() < 0) {
      return;
    }
    InputTask task = new InputTask(event.topic(), event.partition());
    switch (event.event()) {
      case "assigned" -> {
        owners.put(task, event.worker());
        left.computeIfPresent(
            task, (_, before) -> before.worker().equals(event.worker()) ? before : null);
      }
      case "running" -> running(task, event);
      default -> {}
    }
  }

  private void running(InputTask task, AuditEvent event) {
    Left before = left.remove(task);
    if (before == null
        || !before.worker().equals(event.worker())
        || event.recovered() < 0
        || wasKilled(before)) {
      return;
    }
    findings.compared();
    if (event.recovered() > 0) {
      findings.add(() ->
          new Anomaly(
              "recovered-records",
              "%s left in order and came back after %d ms, and recovered %d records of %s, which"
                      .formatted(event.worker(), event.at() - before.at(), event.recovered(), task)
                  + " nobody else had meanwhile.",
              List.of(),
              event.at()));
    }
  }

  private boolean wasKilled(Left before) {
    return faults.stream()
        .filter(fault -> fault.endsProcess() && fault.target().equals(before.worker()))
        .anyMatch(fault -> Math.abs(fault.at() - before.at()) <= STOP_MILLIS_MAX);
  }
}
