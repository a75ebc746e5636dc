package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/// `progress`: no partition of a stream stays silent for long while there is work for it.
///
/// A silence before a record counts from the record before it, or from the moment at which the
/// record's own event was due, whichever is later: a partition without work may be silent for ever.
/// Time in which a fault stopped everybody, such as all brokers away, does not count. After each
/// healed fault every partition that had work must show a record. Kinds: `stalled`,
/// `never-resumed`.
public final class ProgressCheck {

  /// How long a partition may be silent while it has work.
  public static final Duration SILENCE_MAX = Duration.ofSeconds(90);

  private final Witness witness;
  private final PartitionedLog stream;
  private final long loadStart;
  private final long loadEnd;
  private final Findings findings = new Findings();
  private long longest;

  private ProgressCheck(Witness witness, PartitionedLog stream, long loadStart, long loadEnd) {
    this.witness = witness;
    this.stream = stream;
    this.loadStart = loadStart;
    this.loadEnd = loadEnd;
  }

  /// Judges a stream.
  ///
  /// @param loadStart epoch milliseconds at which event 0 was due
  /// @param loadEnd epoch milliseconds at which the last event was sent
  public static Property check(
      Witness witness, PartitionedLog stream, long loadStart, long loadEnd) {
    ProgressCheck check = new ProgressCheck(witness, stream, loadStart, loadEnd);
    for (int p = 0; p < stream.partitions(); p++) {
      check.partition(p);
    }
    return check.findings.property(
        "progress:" + stream.topic(),
        Section.LIVENESS,
        "No partition of "
            + stream.topic()
            + " was silent for more than "
            + check.longest
            + " ms while it had work.");
  }

  private void partition(int p) {
    long before = loadStart;
    long lastDue = Long.MIN_VALUE;
    for (Iterator<LogRecord> records = stream.records(p); records.hasNext(); ) {
      LogRecord record = records.next();
      if (!record.hasId() || witness.plan().indexOf(record.id()) < 0) {
        continue;
      }
      findings.compared();
      long due = loadStart + witness.due(record.id());
      long silence = silence(Math.max(before, due), record.observedAt());
      longest = Math.max(longest, silence);
      if (silence > SILENCE_MAX.toMillis()) {
        stalled(record, silence);
      }
      before = Math.max(before, record.observedAt());
      lastDue = Math.max(lastDue, due);
    }
    resumed(p, before, lastDue);
  }

  /// Milliseconds, without those in which nobody could make progress: all brokers were away.
  private long silence(long from, long to) {
    long excused =
        witness.faults().stream().mapToLong(fault -> fault.stoppedEverybody(from, to)).sum();
    return Math.max(0, to - from - excused);
  }

  private void stalled(LogRecord record, long silence) {
    findings.add(() ->
        new Anomaly(
            "stalled",
            stream.topic()
                + "-"
                + record.partition()
                + " was silent for "
                + silence
                + " ms, up to "
                + Witness.at(stream.topic(), record)
                + ", while "
                + witness.event(record)
                + " waited; the limit is "
                + SILENCE_MAX.toMillis()
                + " ms.",
            List.of(witness.exhibit(stream.topic(), record, "ends the silence")),
            record.observedAt()));
  }

  /// A partition that had a record before a fault must have one after it, if the load went on for
  /// long enough.
  private void resumed(int p, long lastSeen, long lastDue) {
    if (lastDue == Long.MIN_VALUE) {
      return;
    }
    for (Moment fault : witness.faults()) {
      long from = Math.max(fault.at(), fault.healedAt());
      if (from + SILENCE_MAX.toMillis() < loadEnd && lastSeen < from) {
        findings.add(() ->
            new Anomaly(
                "never-resumed",
                stream.topic()
                    + "-"
                    + p
                    + " shows nothing after "
                    + fault.kind()
                    + " of "
                    + fault.target()
                    + " was over.",
                List.of(),
                from));
      }
    }
  }
}
