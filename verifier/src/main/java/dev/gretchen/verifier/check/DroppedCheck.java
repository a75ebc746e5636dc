package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.truth.Grouping;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Longs;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.TallyTruth;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// `dropped` of a table: windows that nobody keeps any more are gone from its changelog, and so
/// from its store, which `store` holds against it. A window is given its own length again behind
/// its retention, because an app may let go of many of them bit by bit.
///
/// Kind: `kept`.
public final class DroppedCheck {

  private static final long GONE = 0;

  private DroppedCheck() {}

  /// Judges a changelog; nothing where no window has been over for long enough.
  public static Optional<Property> check(
      String table, TallyTruth truth, Grouping.ByWindow windows, PartitionedLog changelog) {
    Longs written = new Longs(GONE);
    for (int p = 0; p < changelog.partitions(); p++) {
      for (Iterator<LogRecord> records = changelog.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        byte[] key = record.key();
        int slot =
            key == null || key.length == 0 || key[0] != ChangelogKey.WINDOWED
                ? -1
                : truth.groups().find(key, 1);
        if (slot >= 0) {
          written.set(slot, record.value() == null ? GONE : record.offset() + 1);
        }
      }
    }
    Findings findings = new Findings();
    long more = windows.size().toMillis();
    long due = 0;
    for (int slot = 0; slot < truth.groups().size(); slot++) {
      int partition = truth.partition(slot);
      byte[] group = truth.groups().key(slot);
      long start = Grouping.windowStart(group, 0);
      if (!windows.expired(start + more, truth.streamTime(partition))) {
        continue;
      }
      due++;
      findings.compared();
      long behind = written.get(slot);
      if (behind != GONE) {
        byte[] key = new byte[group.length + 1];
        key[0] = ChangelogKey.WINDOWED;
        System.arraycopy(group, 0, key, 1, group.length);
        String where = changelog.topic() + "-" + partition + "@" + (behind - 1);
        findings.add(() ->
            new Anomaly(
                "kept",
                "In "
                    + changelog.topic()
                    + ", "
                    + ChangelogKey.describe(key)
                    + " is still there, by "
                    + where
                    + ", though it is kept for "
                    + windows.retention().toMillis()
                    + " ms after its end and stream time is "
                    + truth.streamTime(partition)
                    + ".",
                List.of(new Anomaly.Exhibit(where, ChangelogKey.describe(key), "last value"))));
      }
    }
    return due == 0
        ? Optional.empty()
        : Optional.of(
            findings.property(
                "dropped:" + table,
                Section.SAFETY,
                "Every window of " + table + " that is not kept any more is gone."));
  }
}
