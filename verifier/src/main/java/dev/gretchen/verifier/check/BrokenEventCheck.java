package dev.gretchen.verifier.check;

import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.ChatFold;
import dev.gretchen.verifier.truth.ChatFold.Decision;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.MergedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;

/// `broken-events`: whatever of a chat's events breaks a rule is a dead letter, once, and nothing
/// else is.
///
/// Kinds: `lost`, `doubled`, `buried-alive` (it breaks no rule). Records that carry no event id are
/// a stranger's and count nowhere. Memory is two bits for each event of the load.
public final class BrokenEventCheck {

  private final Witness witness;
  private final LoadPlan plan;
  private final PartitionedLog deadLetters;
  private final BitSet broken = new BitSet();
  private final BitSet dead = new BitSet();
  private final Findings findings = new Findings();

  private BrokenEventCheck(Witness witness, PartitionedLog deadLetters) {
    this.witness = witness;
    this.plan = witness.plan();
    this.deadLetters = deadLetters;
  }

  /// Judges the dead letters by the input.
  public static Property check(Witness witness, PartitionedLog events, PartitionedLog deadLetters) {
    BrokenEventCheck check = new BrokenEventCheck(witness, deadLetters);
    for (int p = 0; p < events.partitions(); p++) {
      for (ChatFold fold = new ChatFold(events.records(p)); fold.hasNext(); ) {
        Decision decision = fold.next();
        int index = check.index(decision.record());
        if (decision.fate() == ChatFold.Fate.DEAD && index >= 0) {
          check.broken.set(index);
        }
      }
    }
    for (MergedLog records = new MergedLog(deadLetters); records.hasNext(); ) {
      check.observe(records.next());
    }
    check.lost(events.topic());
    return check.findings.property(
        "broken-events:" + deadLetters.topic(),
        Section.SAFETY,
        "Exactly the "
            + check.broken.cardinality()
            + " events of "
            + events.topic()
            + " that break a rule are dead letters, each once.");
  }

  private int index(LogRecord record) {
    return record.hasId() ? Math.toIntExact(plan.indexOf(record.id())) : -1;
  }

  private void observe(LogRecord record) {
    if (!record.hasId()) {
      return;
    }
    findings.compared();
    int index = index(record);
    if (index < 0 || !broken.get(index)) {
      add("buried-alive", record, () -> "puts aside " + witness.event(record.id()));
    } else if (dead.get(index)) {
      add("doubled", record, () -> "repeats " + witness.event(record.id()));
    } else {
      dead.set(index);
    }
  }

  private void lost(String topic) {
    for (int index = broken.nextSetBit(0); index >= 0; index = broken.nextSetBit(index + 1)) {
      findings.compared();
      if (!dead.get(index)) {
        long id = plan.id(index);
        findings.add(() ->
            new Anomaly(
                "lost",
                witness.event(id)
                    + " of "
                    + topic
                    + " breaks a rule and is no dead letter in "
                    + deadLetters.topic()
                    + ".",
                List.of()));
      }
    }
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            Witness.at(deadLetters.topic(), record)
                + " "
                + what.get()
                + (record.reason() == null
                    ? ""
                    : " because '" + Witness.text(record.reason()) + "'")
                + witness.after(record.observedAt())
                + ".",
            List.of(witness.exhibit(deadLetters.topic(), record, kind)),
            record.observedAt()));
  }
}
