package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// `timer` of a stream that a timer writes: from the first moment on, every multiple of the period
/// has fired exactly once and in order, whoever led the app when.
///
/// A moment that is still to come when a run ends is no anomaly, nor is one of the last
/// [#LATE_MAX]. Moments missed one after another are one anomaly. Memory is a record for each
/// moment.
///
/// Kinds: `fired-twice`, `missed`, `wrong-moment`, `out-of-order`.
public final class TimerCheck {

  /// So long after a moment it must have fired: a takeover takes less, also from one who has left a
  /// transaction open.
  static final Duration LATE_MAX = Duration.ofSeconds(30);

  private final Witness witness;
  private final PartitionedLog stream;
  private final long period;
  private final NavigableMap<Long, LogRecord> fired = new TreeMap<>();
  private final Findings findings = new Findings();

  private TimerCheck(Witness witness, PartitionedLog stream, long period) {
    this.witness = witness;
    this.stream = stream;
    this.period = period;
  }

  /// Judges a timer's stream.
  ///
  /// @param beside a stream that went on to the end of the run
  public static Property check(
      Witness witness, PartitionedLog stream, Duration period, PartitionedLog beside) {
    TimerCheck check = new TimerCheck(witness, stream, period.toMillis());
    for (int p = 0; p < stream.partitions(); p++) {
      for (Iterator<LogRecord> records = stream.records(p); records.hasNext(); ) {
        check.observe(records.next());
      }
    }
    check.gaps(end(beside) - LATE_MAX.toMillis());
    return check.findings.property(
        "timer:" + stream.topic(),
        Section.SAFETY,
        "Every moment of the timer is in " + stream.topic() + " exactly once and in order.");
  }

  /// When a stream's last record was observed.
  private static long end(PartitionedLog stream) {
    long end = 0;
    for (int p = 0; p < stream.partitions(); p++) {
      for (Iterator<LogRecord> records = stream.records(p); records.hasNext(); ) {
        end = Math.max(end, records.next().observedAt());
      }
    }
    return end;
  }

  private void observe(LogRecord record) {
    findings.compared();
    String text = Witness.text(record.value());
    if (!text.matches("[0-9]{1,18}")
        || Long.parseLong(text) % period != 0
        || record.timestamp() != Long.parseLong(text)) {
      add("wrong-moment", record, () -> "tells of '" + text + "', which is no moment of the timer");
      return;
    }
    long moment = Long.parseLong(text);
    LogRecord before = fired.putIfAbsent(moment, record);
    if (before != null) {
      add(
          "fired-twice",
          record,
          () ->
              "fires for "
                  + Instant.ofEpochMilli(moment)
                  + " once more, after "
                  + Witness.at(stream.topic(), before)
                  + Witness.by(before));
    } else if (fired.lastKey() > moment) {
      add(
          "out-of-order",
          record,
          () -> "fires for " + Instant.ofEpochMilli(moment) + " after a later moment");
    }
  }

  private void gaps(long until) {
    if (fired.isEmpty()) {
      return;
    }
    long before = fired.firstKey();
    for (long moment : fired.keySet()) {
      gap(before, moment - period);
      before = moment;
    }
    gap(before, until);
  }

  /// All moments after one up to another are missing, if there are any.
  private void gap(long moment, long last) {
    long missed = (last - moment) / period;
    LogRecord before = fired.get(moment);
    if (missed < 1 || before == null) {
      return;
    }
    findings.add(() ->
        new Anomaly(
            "missed",
            stream.topic()
                + " has nothing for "
                + Instant.ofEpochMilli(moment + period)
                + (missed == 1 ? "" : " and " + (missed - 1) + " more after it")
                + "; the moment before it is at "
                + Witness.at(stream.topic(), before)
                + Witness.by(before)
                + witness.after(before.observedAt())
                + ".",
            List.of(witness.exhibit(stream.topic(), before, "the moment before")),
            before.observedAt()));
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            Witness.at(stream.topic(), record)
                + Witness.by(record)
                + " "
                + what.get()
                + witness.after(record.observedAt())
                + ".",
            List.of(witness.exhibit(stream.topic(), record, kind)),
            record.observedAt()));
  }
}
