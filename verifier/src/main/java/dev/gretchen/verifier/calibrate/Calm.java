package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.check.InputTask;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.judge.RunFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The midst of the longest stretch in which no worker told anything, no fault came or went, and a
/// task had one owner; and that task. Where there is such a stretch without a fault under way, it
/// is of these.
///
/// @param at epoch milliseconds
/// @param generation in which the owner was assigned the task
/// @param other a worker that is not the owner, where there is one
record Calm(long at, InputTask task, String owner, long generation, Optional<String> other) {

  /// Half of it has to hold what a forger adds.
  private static final long CALM_MIN_MILLIS = 4_000;

  private record Stretch(long from, long to) {
    long length() {
      return to - from;
    }

    /// Whether a fault was under way, such as a worker that stays down: it excuses what a forger
    /// adds.
    boolean isDisturbed(List<FaultLine> faults) {
      return faults.stream().anyMatch(fault -> fault.at() < to && from < fault.healedAt());
    }
  }

  /// @throws NoSuchElementException where workers told nothing, or were never calm
  static Calm of(Recording run) {
    List<AuditEvent> audit = run.audit();
    List<FaultLine> faults = run.faults();
    RunFacts facts = RunFacts.read(run.run());
    TreeSet<Long> times = new TreeSet<>(List.of(facts.loadStart(), facts.endedAt()));
    audit.forEach(event -> times.add(event.at()));
    faults.forEach(fault -> times.addAll(List.of(fault.at(), fault.healedAt())));
    return times.subSet(facts.loadStart(), true, facts.endedAt(), false).stream()
        .map(from -> new Stretch(from, Objects.requireNonNull(times.higher(from))))
        .filter(stretch -> stretch.length() >= CALM_MIN_MILLIS)
        .sorted(
            Comparator.comparing((Stretch stretch) -> stretch.isDisturbed(faults))
                .thenComparing(Comparator.comparingLong(Stretch::length).reversed()))
        .flatMap(stretch -> amid(stretch.from() + stretch.length() / 2, audit, faults).stream())
        .findFirst()
        .orElseThrow(() ->
            new NoSuchElementException(
                "no owner of a task was calm for " + CALM_MIN_MILLIS + " ms"));
  }

  private static Optional<Calm> amid(long at, List<AuditEvent> audit, List<FaultLine> faults) {
    Map<InputTask, Map<String, Long>> owners = new TreeMap<>();
    List<FaultLine> coming = new ArrayList<>(faults);
    for (AuditEvent event : audit) {
      if (event.at() >= at) {
        break;
      }
      coming.removeIf(fault -> fault.at() <= event.at() && ended(owners, fault.target()));
      told(owners, event);
    }
    coming.stream().filter(fault -> fault.at() <= at).forEach(f -> ended(owners, f.target()));
    for (var task : owners.entrySet()) {
      if (task.getValue().size() == 1) {
        var owner = task.getValue().entrySet().iterator().next();
        Optional<String> other =
            audit.stream()
                .map(AuditEvent::worker)
                .filter(worker -> !worker.equals(owner.getKey()))
                .findFirst();
        return Optional.of(new Calm(at, task.getKey(), owner.getKey(), owner.getValue(), other));
      }
    }
    return Optional.empty();
  }

  private static void told(Map<InputTask, Map<String, Long>> owners, AuditEvent event) {
    switch (event.event()) {
      case "started", "stopping" -> ended(owners, event.worker());
      case "evicted", "fenced" -> ended(owners, event.peer());
      case "assigned" ->
          owners
              .computeIfAbsent(
                  new InputTask(event.topic(), event.partition()), _ -> new TreeMap<>())
              .put(event.worker(), event.generation());
      case "revoked", "lost" ->
          owners
              .getOrDefault(new InputTask(event.topic(), event.partition()), new TreeMap<>())
              .remove(event.worker());
      default -> {}
    }
  }

  private static boolean ended(Map<InputTask, Map<String, Long>> owners, String worker) {
    owners.values().forEach(claims -> claims.remove(worker));
    return true;
  }
}
