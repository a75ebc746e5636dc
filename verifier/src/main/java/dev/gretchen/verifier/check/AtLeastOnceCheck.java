package dev.gretchen.verifier.check;

import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.MergedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/// `stream-at-least-once` and `output-at-least-once`: every event of the source has at least one
/// record, and a repetition has an explanation.
///
/// A repetition is explained when some worker was ended without a chance to commit before it was
/// observed: only then may work since the last committed offset be done again. Which events a
/// replay may cover at the most is not yet held against the committed offsets; the number of
/// repetitions is told. One bit for each event of the load is the memory that this takes.
public final class AtLeastOnceCheck {

  private AtLeastOnceCheck() {}

  /// Judges a stream by its source.
  ///
  /// @param accepted which records of the source must have an output
  public static Property check(
      String name,
      Witness witness,
      PartitionedLog source,
      Predicate<LogRecord> accepted,
      PartitionedLog stream) {
    LoadPlan plan = witness.plan();
    Findings findings = new Findings();
    BitSet seen = new BitSet();
    long firstEnd =
        witness.faults().stream()
            .filter(Moment::endsProcess)
            .mapToLong(Moment::at)
            .min()
            .orElse(Long.MAX_VALUE);
    long repeated = 0;
    for (MergedLog records = new MergedLog(stream); records.hasNext(); ) {
      LogRecord record = records.next();
      findings.compared();
      long index = record.hasId() ? plan.indexOf(record.id()) : -1;
      if (index < 0) {
        findings.add(() -> anomaly("phantom", witness, stream, record, "is of no event"));
      } else if (seen.get((int) index)) {
        repeated++;
        if (record.observedAt() < firstEnd) {
          String what = "repeats " + "its event though no worker had been ended";
          findings.add(() -> anomaly("unexplained-duplicate", witness, stream, record, what));
        }
      }
      if (index >= 0) {
        seen.set((int) index);
      }
    }
    for (int p = 0; p < source.partitions(); p++) {
      for (Iterator<LogRecord> records = source.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        if (record.hasId() && accepted.test(record)) {
          long index = plan.indexOf(record.id());
          if (index >= 0 && !seen.get((int) index)) {
            String what = "has no record in " + stream.topic();
            findings.add(() -> anomaly("lost", witness, source, record, what));
          }
        }
      }
    }
    return findings.property(
        name,
        Section.SAFETY,
        "Nothing is lost on the way to "
            + stream.topic()
            + "; "
            + repeated
            + " records are repetitions, all of them after a worker's end.");
  }

  private static Anomaly anomaly(
      String kind, Witness witness, PartitionedLog log, LogRecord record, String what) {
    return new Anomaly(
        kind,
        "Key "
            + Witness.text(record.key())
            + ": "
            + witness.event(record)
            + " at "
            + Witness.at(log.topic(), record)
            + Witness.by(record)
            + " "
            + what
            + witness.after(record.observedAt())
            + ".",
        List.of(witness.exhibit(log.topic(), record, kind)),
        record.observedAt());
  }
}
