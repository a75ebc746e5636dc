package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// `ownership-disjoint`: by what workers say, no task has two owners at a time (`two-owners`).
///
/// An ownership begins with `assigned` and ends with `revoked`, which a worker says when it has
/// committed and before it joins the group again, hence before its successor can hear that it is
/// assigned. It ends too with the worker's process (one that is `stopping` says nothing of what it
/// is given meanwhile), with its eviction by a peer, and when a fault stops it for so long that
/// others take over. A worker that says `lost` was no owner for Kafka any more, and says so late:
/// what it might have written meanwhile is for `one-writer` and `generation-order`.
///
/// Clocks of processes on one machine agree, but entries are told by threads that wait for their
/// turn: an overlap of up to [#OVERLAP_MAX] is none. A worker that is killed may take its last
/// entries with it, so that one whose successor was assigned shortly before the kill is not
/// accused; nor is one that says nothing while a broker, or its own connection, is disturbed.
public final class DisjointOwnershipCheck {

  /// By how much two ownerships may seem to overlap.
  public static final Duration OVERLAP_MAX = Duration.ofMillis(100);

  /// How old an entry may be that a kill takes along.
  private static final Duration UNSENT_MAX = Duration.ofSeconds(5);

  /// How long before and after a fault entries may be lost: nothing waits for them to arrive.
  private static final Duration UNHEARD_MAX = Duration.ofSeconds(30);

  /// The property's name.
  public static final String NAME = "ownership-disjoint";

  private record Claim(long at, long generation) {}

  private record Overlap(InputTask task, String owner, Claim claim, AuditEvent successor) {}

  private final Findings findings = new Findings();
  private final Map<InputTask, Map<String, Claim>> claims = new TreeMap<>();
  private final List<Overlap> open = new ArrayList<>();
  private final Set<String> stopping = new HashSet<>();
  private final Set<String> workers = new HashSet<>();

  private DisjointOwnershipCheck() {}

  /// Judges what workers told.
  ///
  /// @param audit in the order of time
  /// @param faults what was done to workers and brokers, and the ends of workers that nobody ended
  public static Property check(List<AuditEvent> audit, List<Moment> faults) {
    DisjointOwnershipCheck check = new DisjointOwnershipCheck();
    Iterator<Moment> ends =
        faults.stream()
            .filter(Moment::endsProcess)
            .sorted(Comparator.comparingLong(Moment::at))
            .iterator();
    Moment end = ends.hasNext() ? ends.next() : null;
    for (AuditEvent event : audit) {
      for (; end != null && end.at() <= event.at(); end = ends.hasNext() ? ends.next() : null) {
        check.ended(end.target(), end.at(), UNSENT_MAX.toMillis());
      }
      check.take(event);
    }
    for (; end != null; end = ends.hasNext() ? ends.next() : null) {
      check.ended(end.target(), end.at(), UNSENT_MAX.toMillis());
    }
    check.open.stream()
        .filter(overlap -> !check.stopping.contains(overlap.owner()))
        .filter(overlap -> !check.mayBeUnheard(overlap, faults))
        .forEach(overlap -> check.accuse(overlap, "has never given it up"));
    return check.findings.property(
        NAME, Section.SAFETY, "No task had two owners at a time, by what workers said.");
  }

  /// Whether a fault of the brokers, or of the owner itself, may have swallowed what it said.
  private boolean mayBeUnheard(Overlap overlap, List<Moment> faults) {
    long at = overlap.successor().at();
    return faults.stream()
        .filter(
            fault -> fault.target().equals(overlap.owner()) || !workers.contains(fault.target()))
        .anyMatch(fault ->
            fault.at() <= at + UNHEARD_MAX.toMillis()
                && Math.max(fault.at(), fault.healedAt()) >= at - UNHEARD_MAX.toMillis());
  }

  private void take(AuditEvent event) {
    workers.add(event.worker());
    if (!event.peer().isEmpty()) {
      if (Set.of("evicted", "fenced").contains(event.event())) {
        // what comes of it for the group is told by the others
        ended(event.peer(), event.at(), Long.MAX_VALUE);
      }
      return;
    }
    if (event.event().equals("stopping")) {
      stopping.add(event.worker());
    }
    if (event.event().equals("started")) {
      stopping.remove(event.worker());
      // its process before has ended, however
      ended(event.worker(), event.at(), Long.MAX_VALUE);
    }
    if (event.partition() < 0) {
      return;
    }
    InputTask task = new InputTask(event.topic(), event.partition());
    switch (event.event()) {
      case "assigned" -> assigned(task, event);
      case "revoked" -> gaveUp(task, event.worker(), event.at(), OVERLAP_MAX.toMillis());
      case "lost" -> gaveUp(task, event.worker(), event.at(), Long.MAX_VALUE);
      default -> {}
    }
  }

  private void assigned(InputTask task, AuditEvent event) {
    findings.compared();
    Map<String, Claim> owners = claims.computeIfAbsent(task, _ -> new TreeMap<>());
    owners.forEach((owner, claim) -> {
      if (!owner.equals(event.worker())) {
        open.add(new Overlap(task, owner, claim, event));
      }
    });
    owners.put(event.worker(), new Claim(event.at(), event.generation()));
  }

  private void ended(String worker, long at, long excused) {
    for (InputTask task : List.copyOf(claims.keySet())) {
      gaveUp(task, worker, at, excused);
    }
  }

  /// @param excused by how many milliseconds the successor may have been early
  private void gaveUp(InputTask task, String worker, long at, long excused) {
    Map<String, Claim> owners = claims.get(task);
    if (owners == null || owners.remove(worker) == null) {
      return;
    }
    for (Iterator<Overlap> overlaps = open.iterator(); overlaps.hasNext(); ) {
      Overlap overlap = overlaps.next();
      if (overlap.task().equals(task) && overlap.owner().equals(worker)) {
        overlaps.remove();
        long millis = at - overlap.successor().at();
        if (millis > excused) {
          accuse(overlap, "gave it up " + millis + " ms after that");
        }
      }
    }
  }

  private void accuse(Overlap overlap, String what) {
    AuditEvent successor = overlap.successor();
    findings.add(() ->
        new Anomaly(
            "two-owners",
            "%s was assigned to %s in generation %d while %s had it since generation %d, and %s."
                .formatted(
                    overlap.task(),
                    successor.worker(),
                    successor.generation(),
                    overlap.owner(),
                    overlap.claim().generation(),
                    what),
            List.of(),
            successor.at()));
  }
}
