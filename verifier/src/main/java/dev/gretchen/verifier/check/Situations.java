package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.truth.History;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Situation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which of the situations that make a campaign worth something were met in a run.
///
/// A green run through faults that never hit anything interesting says little. Each situation here
/// is told from what was observed (logs, audit topic, acknowledgements), not from what was planned:
///
/// - `unknown-acknowledgement`: nobody knew at first whether an event was in the log;
/// - `aborted-records`: records of an aborted transaction lie in a log that the app writes. Each
///   committed transaction leaves one offset without a record, its marker; where more offsets are
///   hidden than transactions have written before, the rest are aborted records and their markers;
/// - `kill-in-open-transaction`: a worker was killed at a failpoint between its transaction's first
///   record and its end;
/// - `takeover`: a partition went on at another worker;
/// - `return-to-own-disk`: a worker that had been ended came back to a partition that was its own
///   before, and nobody else's since;
/// - `recovery-interrupted`: a worker was ended, or lost the partition, between its assignment and
///   `running`;
/// - `rebalance-within-rebalance`: a generation began before all that the one before had assigned
///   was running;
/// - `commit-refused`: a task began anew from its committed offset (audit `reset`), or its
///   partition was lost to the group (`lost`): what was under way was refused;
/// - `standby-promoted`: a copy became the owner's store.
///
/// Decides no property. Memory is a few entries for each partition.
public final class Situations {

  private static final List<String> NAMES =
      List.of(
          "unknown-acknowledgement",
          "aborted-records",
          "kill-in-open-transaction",
          "takeover",
          "return-to-own-disk",
          "recovery-interrupted",
          "rebalance-within-rebalance",
          "commit-refused",
          "standby-promoted");

  private final Witness witness;
  private final Map<String, Long> times = new LinkedHashMap<>();
  private final Map<String, String> examples = new HashMap<>();
  private boolean overture;

  private Situations(Witness witness) {
    this.witness = witness;
    NAMES.forEach(name -> times.put(name, 0L));
  }

  /// The names of all situations that there are.
  public static List<String> names() {
    return NAMES;
  }

  /// What was met in a run; every situation is in the list.
  ///
  /// @param input how many partitions the load has
  /// @param logs topics that the app writes and nobody compacts
  /// @param audit in the order of time
  /// @param loadStart epoch milliseconds; what workers tell of the time before only sets the scene
  public static List<Situation> met(
      Witness witness,
      History history,
      int input,
      List<? extends PartitionedLog> logs,
      List<AuditEvent> audit,
      long loadStart) {
    Situations situations = new Situations(witness);
    situations.acknowledgements(history, input);
    situations.kills();
    logs.forEach(situations::hidden);
    situations.course(audit, loadStart);
    return NAMES.stream()
        .map(name ->
            new Situation(
                name,
                situations.times.getOrDefault(name, 0L),
                situations.examples.getOrDefault(name, "")))
        .toList();
  }

  private void acknowledgements(History history, int partitions) {
    for (int p = 0; p < partitions; p++) {
      for (Iterator<Ack> acks = history.acks(p); acks.hasNext(); ) {
        Ack ack = acks.next();
        if (ack.status() == Ack.Status.UNKNOWN) {
          met("unknown-acknowledgement", () -> witness.event(witness.plan().id(ack.index())));
        }
      }
    }
  }

  private record Transaction(String worker, long generation, long epoch) {}

  /// Transactions of several workers lie interleaved, so that only their number tells how many
  /// hidden offsets are markers.
  private void hidden(PartitionedLog log) {
    for (int p = 0; p < log.partitions(); p++) {
      Set<Transaction> committed = new HashSet<>();
      Lineage lineage = null;
      long records = 0;
      long more = 0;
      for (Iterator<LogRecord> all = log.records(p); all.hasNext(); records++) {
        LogRecord record = all.next();
        long hidden = record.offset() - records - committed.size();
        if (hidden > more) {
          more = hidden;
          met("aborted-records", () -> "before " + Witness.at(log.topic(), record));
        }
        Lineage next = Lineage.decode(record.lineage(), lineage);
        if (next == null) {
          break;
        }
        if (lineage == null
            || next.epoch() != lineage.epoch()
            || !next.worker().equals(lineage.worker())) {
          committed.add(new Transaction(next.worker(), next.generation(), next.epoch()));
        }
        lineage = next;
      }
    }
  }

  private void kills() {
    for (Moment fault : witness.faults()) {
      if (fault.endsProcess()
          && (fault.kind().contains("after-sends") || fault.kind().contains("before-end"))) {
        met("kill-in-open-transaction", () -> fault.kind() + " of " + fault.target());
      }
    }
  }

  /// Where a task is, by what workers tell.
  private static final class Task {
    private @Nullable String owner;
    private @Nullable String last;
    private boolean running;
  }

  private void course(List<AuditEvent> audit, long loadStart) {
    Map<String, Task> tasks = new HashMap<>();
    List<Moment> ends =
        witness.faults().stream()
            .filter(Moment::endsProcess)
            .sorted(Comparator.comparingLong(Moment::at))
            .toList();
    int next = 0;
    long generation = -1;
    Set<String> assigned = new HashSet<>();
    for (AuditEvent event : audit) {
      overture = event.at() < loadStart;
      for (; next < ends.size() && ends.get(next).at() <= event.at(); next++) {
        ended(ends.get(next), tasks, assigned);
      }
      if (event.partition() < 0) {
        continue;
      }
      String name = event.topic() + "-" + event.partition();
      if (event.event().equals("assigned") && event.generation() > generation) {
        if (!assigned.isEmpty()) {
          String open = assigned.stream().sorted().findFirst().orElse("");
          long old = generation;
          met(
              "rebalance-within-rebalance",
              () ->
                  "generation "
                      + event.generation()
                      + " began while "
                      + open
                      + " of generation "
                      + old
                      + " was not yet running");
        }
        generation = event.generation();
        assigned.clear();
      }
      told(event, name, tasks.computeIfAbsent(name, _ -> new Task()), assigned);
    }
  }

  private void ended(Moment end, Map<String, Task> tasks, Set<String> assigned) {
    tasks.forEach((name, task) -> {
      if (end.target().equals(task.owner)) {
        if (!task.running) {
          met(
              "recovery-interrupted",
              () -> end.kind() + " of " + end.target() + " while it recovered " + name);
        }
        task.owner = null;
        assigned.remove(name);
      }
    });
  }

  private void told(AuditEvent event, String name, Task task, Set<String> assigned) {
    switch (event.event()) {
      case "assigned" -> {
        String last = task.last;
        if (last != null && !last.equals(event.worker())) {
          met("takeover", () -> name + " went from " + last + " to " + event.worker());
        } else if (last != null && task.owner == null) {
          met("return-to-own-disk", () -> name + " came back to " + event.worker());
        }
        task.owner = event.worker();
        task.last = event.worker();
        task.running = false;
        assigned.add(name);
      }
      case "running" -> {
        if (event.worker().equals(task.owner)) {
          task.running = true;
          assigned.remove(name);
        }
      }
      case "revoked", "lost" -> gone(event, name, task, assigned);
      case "reset" ->
          met(
              "commit-refused",
              () -> event.worker() + " began " + name + " anew from its committed offset");
      case "promoted" ->
          met("standby-promoted", () -> event.worker() + " promoted its copy of " + name);
      default -> {}
    }
  }

  private void gone(AuditEvent event, String name, Task task, Set<String> assigned) {
    if (event.event().equals("lost")) {
      met("commit-refused", () -> event.worker() + " lost " + name + " to the group");
    }
    if (event.worker().equals(task.owner)) {
      if (!task.running) {
        met("recovery-interrupted", () -> name + " was taken from " + event.worker());
      }
      task.owner = null;
      assigned.remove(name);
    }
  }

  private void met(String name, Supplier<String> example) {
    if (overture) {
      return;
    }
    if (times.merge(name, 1L, Long::sum) == 1) {
      examples.put(name, example.get());
    }
  }
}
