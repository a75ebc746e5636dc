package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ClosedValue;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.KeyWindow;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.WindowsOfTable;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// `closed` of a table: whoever waits for the end of its windows is told of each that has closed by
/// the final stream time, once, with the tally of all its events, and of no other.
///
/// One that is told too early is found out by its tally, if an event still came, or because it had
/// not closed at the end. In a partition windows of one size are told in the order of their starts.
/// Memory is the windows of one partition.
///
/// Kinds: `lost`, `doubled`, `early`, `phantom`, `wrong-value`, `wrong-time`, `out-of-order`.
public final class ClosedCheck {

  private final Witness witness;
  private final String table;
  private final PartitionedLog stream;
  private final boolean inOrder;
  private final Findings findings = new Findings();

  private ClosedCheck(Witness witness, String table, PartitionedLog stream, boolean inOrder) {
    this.witness = witness;
    this.table = table;
    this.stream = stream;
    this.inOrder = inOrder;
  }

  /// Judges a stream of closed windows.
  ///
  /// @param partitions of the table
  public static Property check(
      Witness witness,
      String table,
      int partitions,
      WindowsOfTable windows,
      PartitionedLog stream) {
    ClosedCheck check = new ClosedCheck(witness, table, stream, windows.closeInOrder());
    for (int p = 0; p < Math.max(partitions, stream.partitions()); p++) {
      check.partition(p, windows.closed(p), windows.open(p));
    }
    return check.findings.property(
        "closed:" + table,
        Section.SAFETY,
        "Every window of "
            + table
            + " that has closed is in "
            + stream.topic()
            + " once, with all its events, and no other.");
  }

  private void partition(int p, Map<KeyWindow, Tally> closed, Map<KeyWindow, Tally> open) {
    Set<KeyWindow> told = new HashSet<>();
    long lastStart = Long.MIN_VALUE;
    if (p < stream.partitions()) {
      for (Iterator<LogRecord> records = stream.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        findings.compared();
        byte[] key = record.key();
        byte[] json = record.value();
        ClosedValue value = json == null ? null : ClosedValue.decode(json);
        if (key == null || value == null) {
          add("wrong-value", record, () -> "tells of no window");
          continue;
        }
        KeyWindow window = KeyWindow.of(key, value.start(), value.end());
        Tally truth = closed.get(window);
        if (truth == null) {
          boolean early = open.containsKey(window);
          add(
              early ? "early" : "phantom",
              record,
              () -> "tells of " + window + ", which " + (early ? "has not closed" : "is none"));
        } else if (!told.add(window)) {
          add("doubled", record, () -> "tells of " + window + " once more");
        } else {
          compare(record, window, value.tally(), truth);
          if (inOrder && value.start() < lastStart) {
            add("out-of-order", record, () -> "tells of " + window + " after a later one");
          }
          lastStart = Math.max(lastStart, value.start());
        }
      }
    }
    closed.forEach((window, truth) -> {
      findings.compared();
      if (!told.contains(window)) {
        findings.add(() ->
            new Anomaly(
                "lost",
                stream.topic()
                    + "-"
                    + p
                    + " does not tell of "
                    + window
                    + ", which has closed with "
                    + truth
                    + ".",
                List.of()));
      }
    });
  }

  private void compare(LogRecord record, KeyWindow window, Tally tally, Tally truth) {
    if (record.timestamp() != window.end() - 1) {
      add(
          "wrong-time",
          record,
          () ->
              "has "
                  + record.timestamp()
                  + " as its time; the last millisecond of "
                  + window
                  + " is "
                  + (window.end() - 1));
    }
    if (!tally.equals(truth)) {
      add("wrong-value", record, () -> "says of " + window + difference(witness, tally, truth));
    }
  }

  /// Whether a tally lacks just one event of the load, or has one too many.
  static boolean isByOne(Witness witness, Tally tally, Tally truth) {
    long more = tally.count() - truth.count();
    long difference = tally.fingerprint() - truth.fingerprint();
    return (more == 1 && witness.plan().indexOf(Mix.unmix(difference)) >= 0)
        || (more == -1 && witness.plan().indexOf(Mix.unmix(-difference)) >= 0);
  }

  /// What is wrong with a tally, by the event's name where it is one event.
  static String difference(Witness witness, Tally tally, Tally truth) {
    LoadPlan plan = witness.plan();
    long lost = Mix.unmix(truth.fingerprint() - tally.fingerprint());
    long doubled = Mix.unmix(tally.fingerprint() - truth.fingerprint());
    if (tally.count() == truth.count() - 1 && plan.indexOf(lost) >= 0) {
      return " " + tally + ": it lacks " + witness.event(lost);
    }
    if (tally.count() == truth.count() + 1 && plan.indexOf(doubled) >= 0) {
      return " "
          + tally
          + ": it counts "
          + witness.event(doubled)
          + ", twice or although it belongs elsewhere";
    }
    return " " + tally + "; the truth is " + truth;
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            "Closed windows of "
                + table
                + ": "
                + Witness.at(stream.topic(), record)
                + Witness.by(record)
                + " "
                + what.get()
                + witness.after(record.observedAt())
                + ".",
            List.of(witness.exhibit(stream.topic(), record, kind)),
            record.observedAt()));
  }
}
