package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.verdict.Timeline.Tenure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who held which partition when, by the audit topic; a worker that was killed could not say so, so
/// its tenures end with the kill.
///
/// A partition counts as recovering from its assignment until its worker says `running`.
///
/// [#tenures] reads a history that is over. An instance is told piece by piece, while it goes on;
/// one instance belongs to one thread.
public final class Ownership {

  private final SortedMap<InputTask, Tenure> open = new TreeMap<>();
  private final List<Tenure> closed = new ArrayList<>();

  /// Nobody holds anything yet.
  public Ownership() {}

  /// The tenures of a run, by topic, partition and time.
  ///
  /// @param audit in the order of time
  /// @param endMillis where tenures that are still open end
  public static List<Tenure> tenures(List<AuditEvent> audit, List<Moment> faults, long endMillis) {
    Ownership ownership = new Ownership();
    List<Moment> ends =
        faults.stream()
            .filter(Moment::endsProcess)
            .sorted(Comparator.comparingLong(Moment::at))
            .toList();
    int next = 0;
    for (AuditEvent event : audit) {
      while (next < ends.size() && ends.get(next).at() <= event.at()) {
        Moment end = ends.get(next++);
        ownership.ended(end.target(), end.at());
      }
      ownership.apply(event);
    }
    for (Moment end : ends.subList(next, ends.size())) {
      ownership.ended(end.target(), end.at());
    }
    return ownership.until(endMillis);
  }

  /// All tenures so far, by topic, partition and time.
  ///
  /// @param endMillis where those that are still open end
  public List<Tenure> until(long endMillis) {
    List<Tenure> all = new ArrayList<>(closed);
    for (Tenure tenure : open.values()) {
      if (endMillis > tenure.fromMillis()) {
        all.add(ended(tenure, endMillis));
      }
    }
    all.sort(
        Comparator.comparing(Tenure::topic)
            .thenComparingInt(Tenure::partition)
            .thenComparingLong(Tenure::fromMillis));
    return List.copyOf(all);
  }

  /// Who holds a task now, as a tenure without end; null where nobody does.
  public @Nullable Tenure held(InputTask task) {
    return open.get(task);
  }

  /// The tasks that a worker holds now.
  public Set<InputTask> heldBy(String worker) {
    Set<InputTask> tasks = new TreeSet<>();
    open.forEach((task, tenure) -> {
      if (tenure.worker().equals(worker)) {
        tasks.add(task);
      }
    });
    return tasks;
  }

  /// What ended before a moment is told no more.
  public void forget(long beforeMillis) {
    closed.removeIf(tenure -> tenure.toMillis() < beforeMillis);
  }

  /// A worker's process has ended without saying so.
  public void ended(String worker, long at) {
    closeAll(tenure -> tenure.worker().equals(worker), at);
  }

  /// A worker has told something; in the order of time.
  public void apply(AuditEvent event) {
    if (event.event().equals("started") || event.event().equals("stopping")) {
      if (event.event().equals("started")) {
        ended(event.worker(), event.at());
      }
      return;
    }
    if (event.partition() < 0) {
      return;
    }
    InputTask task = new InputTask(event.topic(), event.partition());
    Tenure held = open.get(task);
    boolean same = held != null && held.worker().equals(event.worker());
    boolean recovering = held != null && same && held.recovering();
    switch (event.event()) {
      case "assigned", "recovering" -> {
        if (!same || (event.event().equals("recovering") && !recovering)) {
          start(task, event, true);
        }
      }
      case "running" -> {
        if (!same || recovering) {
          start(task, event, false);
        }
      }
      case "revoked", "lost" -> {
        if (same) {
          close(task, event.at());
        }
      }
      default -> {}
    }
  }

  private void start(InputTask task, AuditEvent event, boolean recovering) {
    close(task, event.at());
    open.put(
        task,
        new Tenure(
            event.topic(), event.partition(), event.worker(), event.at(), event.at(), recovering));
  }

  private void close(InputTask task, long at) {
    Tenure tenure = open.remove(task);
    if (tenure != null && at > tenure.fromMillis()) {
      closed.add(ended(tenure, at));
    }
  }

  private static Tenure ended(Tenure tenure, long at) {
    return new Tenure(
        tenure.topic(),
        tenure.partition(),
        tenure.worker(),
        tenure.fromMillis(),
        at,
        tenure.recovering());
  }

  private void closeAll(Predicate<Tenure> which, long at) {
    for (var entry : List.copyOf(open.entrySet())) {
      if (which.test(entry.getValue())) {
        close(entry.getKey(), at);
      }
    }
  }
}
