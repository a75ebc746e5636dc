package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.load.LoadPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/// When events may have been begun again: their partition changed hands, or its worker gave up what
/// it had not committed. By the audit topic.
///
/// A partition changes hands over a time: a worker that does not know yet that it was evicted calls
/// while the next owner recovers, who begins the same event when it runs. So each step counts.
public final class Replays {

  private static final Set<String> GIVES_UP = Set.of("revoked", "lost");
  private static final Set<String> BEGINS_AGAIN =
      Set.of("assigned", "recovering", "running", "reset");

  private final LoadPlan plan;
  private final List<String> inputs;
  private final Map<String, NavigableSet<Long>> beginnings = new HashMap<>();
  private final Map<String, List<AuditEvent>> told = new HashMap<>();
  private final Map<String, NavigableSet<Long>> startsOf = new HashMap<>();
  private final Set<String> workers = new HashSet<>();
  private final NavigableSet<Long> starts = new TreeSet<>();

  /// By the audit of a run.
  ///
  /// @param inputs the topics over which the plan's partitions reach
  public Replays(LoadPlan plan, List<String> inputs, List<AuditEvent> audit) {
    this.plan = plan;
    this.inputs = List.copyOf(inputs);
    for (AuditEvent event : audit) {
      workers.add(event.worker());
      if (event.event().equals("started")) {
        starts.add(event.at());
        startsOf.computeIfAbsent(event.worker(), _ -> new TreeSet<>()).add(event.at());
      }
      if (event.partition() >= 0) {
        told.computeIfAbsent(task(event.topic(), event.partition()), _ -> new ArrayList<>())
            .add(event);
      }
      if (BEGINS_AGAIN.contains(event.event())) {
        beginnings
            .computeIfAbsent(task(event.topic(), event.partition()), _ -> new TreeSet<>())
            .add(event.at());
      }
    }
  }

  /// Whether an event may have been begun again between two moments.
  boolean between(long id, long from, long to) {
    NavigableSet<Long> times = beginnings.get(taskOf(id));
    return times != null && !times.subSet(from, true, to, true).isEmpty();
  }

  /// Whether a worker's process still held an event's partition by all that it had been told, while
  /// another one had been given it.
  ///
  /// @param slack for how long after it was told something of before may still arrive, milliseconds
  boolean isOvertaken(long id, String worker, long at, long slack) {
    List<AuditEvent> before =
        told.getOrDefault(taskOf(id), List.of()).stream().filter(e -> e.at() <= at).toList();
    long held = -1;
    long taken = -1;
    long gaveUp = Long.MAX_VALUE;
    for (AuditEvent event : before) {
      boolean mine = event.worker().equals(worker);
      if (event.event().equals("assigned") && mine) {
        held = event.at();
        taken = -1;
        gaveUp = Long.MAX_VALUE;
      } else if (event.event().equals("assigned") && held >= 0) {
        taken = event.at();
      } else if (GIVES_UP.contains(event.event()) && mine) {
        gaveUp = Math.min(gaveUp, event.at());
      }
    }
    return taken >= 0
        && at <= (gaveUp == Long.MAX_VALUE ? at : gaveUp + slack)
        && startsOf.getOrDefault(worker, new TreeSet<>()).subSet(held, false, at, true).isEmpty();
  }

  private String taskOf(long id) {
    int partition = plan.partitionOf(id);
    int each = plan.shape().partitions();
    return task(inputs.get(partition / each), partition % each);
  }

  private static String task(String topic, int partition) {
    return topic + "-" + partition;
  }

  /// How many workers there were.
  int workers() {
    return Math.max(1, workers.size());
  }

  /// How many worker processes began between two moments.
  int starts(long from, long to) {
    return starts.subSet(from, true, to, true).size();
  }
}
