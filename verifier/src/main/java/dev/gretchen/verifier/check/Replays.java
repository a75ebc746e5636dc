package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.load.LoadPlan;
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

  private static final Set<String> BEGINS_AGAIN =
      Set.of("assigned", "recovering", "running", "reset");

  private final LoadPlan plan;
  private final List<String> inputs;
  private final Map<String, NavigableSet<Long>> beginnings = new HashMap<>();
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
      }
      if (BEGINS_AGAIN.contains(event.event())) {
        beginnings
            .computeIfAbsent(event.topic() + "-" + event.partition(), _ -> new TreeSet<>())
            .add(event.at());
      }
    }
  }

  /// Whether an event may have been begun again between two moments.
  boolean between(long id, long from, long to) {
    int partition = plan.partitionOf(id);
    int each = plan.shape().partitions();
    NavigableSet<Long> times =
        beginnings.get(inputs.get(partition / each) + "-" + partition % each);
    return times != null && !times.subSet(from, true, to, true).isEmpty();
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
