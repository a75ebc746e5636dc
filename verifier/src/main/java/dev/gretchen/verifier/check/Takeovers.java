package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.MergedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Timeline.Tenure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The phases of the takeover after each end of a worker, in milliseconds after it:
/// - `detected`: the first sign of a rebalance in the audit topic;
/// - `reassigned`: all partitions that the worker held are assigned again;
/// - `recovered`: all of them are running;
/// - `firstOutput`: the first output whose lineage names one of them, after its reassignment;
/// - `caughtUp`: the first such output after recovery that is not later than usual.
///
/// A phase that was not reached, or has no witness (no audit topic, no lineage), is absent.
public final class Takeovers {

  private record Task(String topic, int partition) {}

  private static final class Takeover {
    private final Moment fault;
    private final Map<String, Long> phases = new TreeMap<>();
    private final Set<Task> tasks = new HashSet<>();
    private long reassignedAt = Long.MAX_VALUE;
    private long recoveredAt = Long.MAX_VALUE;

    Takeover(Moment fault) {
      this.fault = fault;
    }

    void put(String phase, long at) {
      phases.putIfAbsent(phase, at - fault.at());
    }

    boolean done() {
      return phases.containsKey("caughtUp");
    }
  }

  private Takeovers() {}

  /// The phases of each fault, in the order of the faults given; empty for those that end no
  /// worker.
  ///
  /// @param tenures who held what, see [Ownership]
  /// @param loadStart epoch milliseconds at which event 0 was due
  /// @param usualMillis the latency of an output that counts as caught up
  public static List<Map<String, Long>> phases(
      Witness witness,
      List<Moment> faults,
      List<AuditEvent> audit,
      List<Tenure> tenures,
      List<? extends PartitionedLog> streams,
      long loadStart,
      long usualMillis) {
    List<Takeover> takeovers = new ArrayList<>();
    for (Moment fault : faults) {
      Takeover takeover = new Takeover(fault);
      if (fault.endsProcess()) {
        tenures.stream()
            .filter(t -> t.worker().equals(fault.target()))
            .filter(t -> t.fromMillis() < fault.at() && t.toMillis() >= fault.at())
            .forEach(t -> takeover.tasks.add(new Task(t.topic(), t.partition())));
        readAudit(takeover, audit);
      }
      takeovers.add(takeover);
    }
    List<Takeover> waiting =
        takeovers.stream().filter(t -> t.reassignedAt < Long.MAX_VALUE).toList();
    for (PartitionedLog stream : waiting.isEmpty() ? List.<PartitionedLog>of() : streams) {
      for (MergedLog records = new MergedLog(stream); records.hasNext(); ) {
        LogRecord record = records.next();
        for (Takeover takeover : waiting) {
          if (record.observedAt() >= takeover.reassignedAt && !takeover.done()) {
            output(takeover, record, witness, loadStart, usualMillis);
          }
        }
      }
    }
    return takeovers.stream().map(t -> t.phases).toList();
  }

  private static void readAudit(Takeover takeover, List<AuditEvent> audit) {
    Set<Task> unassigned = new HashSet<>(takeover.tasks);
    Set<Task> recovering = new HashSet<>(takeover.tasks);
    for (AuditEvent event : audit) {
      if (event.at() <= takeover.fault.at() || event.partition() < 0) {
        continue;
      }
      Task task = new Task(event.topic(), event.partition());
      takeover.put("detected", event.at());
      boolean running = event.event().equals("running");
      if (running || event.event().equals("assigned") || event.event().equals("recovering")) {
        if (unassigned.remove(task) && unassigned.isEmpty()) {
          takeover.put("reassigned", event.at());
          takeover.reassignedAt = event.at();
        }
        if (running && recovering.remove(task) && recovering.isEmpty()) {
          takeover.put("recovered", event.at());
          takeover.recoveredAt = event.at();
        }
      }
    }
  }

  private static void output(
      Takeover takeover, LogRecord record, Witness witness, long loadStart, long usualMillis) {
    Lineage lineage = Lineage.decode(record.lineage());
    if (lineage == null
        || !takeover.tasks.contains(new Task(lineage.topic(), lineage.partition()))) {
      return;
    }
    takeover.put("firstOutput", record.observedAt());
    if (record.observedAt() >= takeover.recoveredAt
        && record.hasId()
        && witness.plan().indexOf(record.id()) >= 0
        && record.observedAt() - loadStart - witness.due(record.id()) <= usualMillis) {
      takeover.put("caughtUp", record.observedAt());
    }
  }
}
