package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.WindowsOfTable;
import dev.gretchen.verifier.truth.WindowsOfTable.LateEvent;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// `late` of a table: each event that came too late for a window of it, and no other, is in the
/// stream of late events once, as it came, with the windows that it missed, and in the order of its
/// source partition. The stream may hold the late events of other tables too.
///
/// What is late is told from the source's log alone ([WindowsOfTable#late]). Memory is the late
/// events of one partition.
///
/// Kinds: `lost` (an event that was dropped silently), `doubled`, `not-late`, `phantom`,
/// `wrong-windows`, `wrong-value`, `out-of-order`.
public final class LateCheck {

  private final Witness witness;
  private final String table;
  private final PartitionedLog source;
  private final PartitionedLog stream;
  private final Findings findings = new Findings();

  private LateCheck(Witness witness, String table, PartitionedLog source, PartitionedLog stream) {
    this.witness = witness;
    this.table = table;
    this.source = source;
    this.stream = stream;
  }

  /// Judges what a stream holds of a table's late events.
  public static Property check(
      Witness witness,
      String table,
      PartitionedLog source,
      WindowsOfTable windows,
      PartitionedLog stream) {
    LateCheck check = new LateCheck(witness, table, source, stream);
    for (int p = 0; p < Math.max(source.partitions(), stream.partitions()); p++) {
      check.partition(p, windows.late(p));
    }
    return check.findings.property(
        "late:" + table,
        Section.SAFETY,
        "Every event that came too late for "
            + table
            + " is in "
            + stream.topic()
            + " once, as it came, and no other.");
  }

  private void partition(int partition, List<LateEvent> late) {
    Map<Long, Integer> places = HashMap.newHashMap(late.size());
    for (int place = 0; place < late.size(); place++) {
      places.putIfAbsent(late.get(place).event().id(), place);
      findings.compared();
    }
    boolean[] seen = new boolean[late.size()];
    int last = -1;
    if (partition < stream.partitions()) {
      for (Iterator<LogRecord> records = stream.records(partition); records.hasNext(); ) {
        LogRecord record = records.next();
        String reason = Witness.text(record.reason());
        if (!reason.startsWith(table + " ")) {
          continue;
        }
        findings.compared();
        Integer place = record.hasId() ? places.get(record.id()) : null;
        if (place == null) {
          boolean known = record.hasId() && witness.plan().indexOf(record.id()) >= 0;
          add(
              known ? "not-late" : "phantom",
              record,
              () -> "holds " + witness.event(record) + ", which did not come too late there");
          continue;
        }
        if (seen[place]) {
          add("doubled", record, () -> "repeats " + witness.event(record.id()));
          continue;
        }
        seen[place] = true;
        compare(record, reason.substring(table.length() + 1), late.get(place));
        if (place < last) {
          long before = late.get(last).event().id();
          add(
              "out-of-order",
              record,
              () -> "holds " + witness.event(record.id()) + " after event #" + indexOf(before));
        }
        last = Math.max(last, place);
      }
    }
    for (int place = 0; place < seen.length; place++) {
      if (!seen[place]) {
        lost(late.get(place));
      }
    }
  }

  private long indexOf(long id) {
    return witness.plan().indexOf(id);
  }

  private void compare(LogRecord record, String windows, LateEvent expected) {
    LogRecord event = expected.event();
    if (!windows.equals(expected.windows())) {
      add(
          "wrong-windows",
          record,
          () ->
              "says that "
                  + witness.event(record.id())
                  + " missed the windows "
                  + windows
                  + "; the truth is "
                  + expected.windows());
    }
    if (!Arrays.equals(record.key(), event.key())
        || !Arrays.equals(record.value(), event.value())
        || record.timestamp() != event.timestamp()) {
      add(
          "wrong-value",
          record,
          () -> "changed key, value or timestamp of " + witness.event(record.id()));
    }
  }

  private void lost(LateEvent late) {
    LogRecord event = late.event();
    findings.add(() ->
        new Anomaly(
            "lost",
            stream.topic()
                + " lacks "
                + witness.event(event.id())
                + ", key "
                + Witness.text(event.key())
                + ", which at "
                + Witness.at(source.topic(), event)
                + " came too late for the windows "
                + late.windows()
                + " of "
                + table
                + witness.after(event.observedAt())
                + ".",
            List.of(witness.exhibit(source.topic(), event, "came too late")),
            event.observedAt()));
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            "Late for "
                + table
                + ", key "
                + Witness.text(record.key())
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
