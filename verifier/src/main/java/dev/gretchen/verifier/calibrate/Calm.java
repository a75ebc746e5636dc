package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.check.InputTask;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.judge.RunFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The midst of the longest stretch in which no worker told anything and no fault came or went, and
/// a task that had one owner then.
///
/// @param at epoch milliseconds
/// @param generation in which the owner was assigned the task
/// @param other a worker that is not the owner, where there is one
record Calm(long at, InputTask task, String owner, long generation, Optional<String> other) {

  /// Half of it has to hold what a forger adds.
  private static final long CALM_MIN_MILLIS = 4_000;

  /// @throws NoSuchElementException where workers told nothing, or were never calm
  static Calm of(Recording run) {
    List<AuditEvent> audit = run.audit();
    List<FaultLine> faults = run.faults();
    RunFacts facts = RunFacts.read(run.run());
    TreeSet<Long> times = new TreeSet<>(List.of(facts.loadStart(), facts.endedAt()));
    audit.forEach(event -> times.add(event.at()));
    faults.forEach(fault -> times.addAll(List.of(fault.at(), fault.healedAt())));
    long begin = 0;
    long length = 0;
    for (long from : times.subSet(facts.loadStart(), true, facts.endedAt(), false)) {
      Long to = times.higher(from);
      if (to != null && to - from > length) {
        begin = from;
        length = to - from;
      }
    }
    if (length < CALM_MIN_MILLIS) {
      throw new NoSuchElementException("no " + CALM_MIN_MILLIS + " ms of the run were calm");
    }
    return amid(begin + length / 2, audit, faults);
  }

  private static Calm amid(long at, List<AuditEvent> audit, List<FaultLine> faults) {
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
        return new Calm(at, task.getKey(), owner.getKey(), owner.getValue(), other);
      }
    }
    throw new NoSuchElementException("no worker told that it was assigned anything");
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
