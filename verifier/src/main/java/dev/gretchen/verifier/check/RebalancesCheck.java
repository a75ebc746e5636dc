package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// `rebalances-caused`: the group does not rebalance without a cause, whether a task moves or not.
/// [MovesCheck] sees tasks that move; a group that meets again and again and moves nothing costs
/// everybody a stop each time, and only its generation shows it.
///
/// A generation is seen by the first record whose lineage names it. What explains one is as for
/// moves, and explains no more than [#REBALANCES_MAX] of them: members come back one by one, give
/// up what others are to have, and a disk has to be warmed up. While a fault is under way, it
/// explains any number. Kinds: `rebalanced-without-cause`, `rebalanced-again`.
public final class RebalancesCheck {

  /// The property's name.
  public static final String NAME = "rebalances-caused";

  /// How many rebalances one cause explains: twice as many as were ever seen.
  public static final int REBALANCES_MAX = 20;

  private record First(long at, Lineage lineage, String topic, LogRecord record) {}

  private final Witness witness;
  private final Causes causes;
  private final Map<Long, First> generations = new HashMap<>();
  private final Findings findings = new Findings();

  private RebalancesCheck(Witness witness, Causes causes) {
    this.witness = witness;
    this.causes = causes;
  }

  /// Judges the generations that records show.
  ///
  /// @param logs of streams
  /// @param audit in the order of time
  /// @param faults and ends of workers by themselves
  public static Property check(
      Witness witness, List<PartitionedLog> logs, List<AuditEvent> audit, List<Moment> faults) {
    RebalancesCheck check = new RebalancesCheck(witness, new Causes(audit, faults));
    logs.forEach(check::read);
    check.judge();
    Property property =
        check.findings.property(NAME, Section.LIVENESS, "Each rebalance of the group had a cause.");
    return property.compared() == 0
        ? Property.skipped(NAME, Section.LIVENESS, "the records carry no lineage")
        : property;
  }

  private void read(PartitionedLog log) {
    Lineage before = null;
    for (int p = 0; p < log.partitions(); p++) {
      for (Iterator<LogRecord> records = log.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        Lineage lineage = Lineage.decode(record.lineage(), before);
        if (lineage != null) {
          before = lineage;
          First first = generations.get(lineage.generation());
          if (first == null || record.observedAt() < first.at()) {
            generations.put(
                lineage.generation(), new First(record.observedAt(), lineage, log.topic(), record));
          }
        }
      }
    }
  }

  private void judge() {
    List<First> inTime =
        generations.values().stream()
            .sorted(
                Comparator.comparingLong(First::at)
                    .thenComparingLong(first -> first.lineage().generation()))
            .toList();
    long highest = -1;
    long sinceCause = 0;
    Long last = null;
    for (First first : inTime) {
      findings.compared();
      long generation = first.lineage().generation();
      if (generation <= highest) {
        continue;
      }
      long more = highest < 0 ? 0 : generation - highest;
      highest = generation;
      Long cause = causes.of(first.at());
      if (more == 0 || causes.isDisturbed(first.at())) {
        sinceCause = 0;
      } else if (cause == null) {
        accuse("rebalanced-without-cause", first, "nobody came, left, died or was disturbed");
      } else {
        long before = cause.equals(last) ? sinceCause : 0;
        sinceCause = before + more;
        if (before <= REBALANCES_MAX && sinceCause > REBALANCES_MAX) {
          accuse(
              "rebalanced-again",
              first,
              "it is the rebalance number " + sinceCause + " since then");
        }
      }
      last = cause;
    }
  }

  private void accuse(String kind, First first, String why) {
    findings.add(() ->
        new Anomaly(
            kind,
            "The group rebalanced to generation %d, which %s shows first, and %s%s."
                .formatted(
                    first.lineage().generation(),
                    Witness.at(first.topic(), first.record()),
                    why,
                    causes.since(first.at())),
            List.of(witness.exhibit(first.topic(), first.record(), "the first of its generation")),
            first.at()));
  }
}
