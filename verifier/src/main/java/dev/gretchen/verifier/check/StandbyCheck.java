package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.truth.KeyIndex;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Longs;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.StoreSnapshot;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Iterator;
import java.util.List;

/// `standby-prefix`: what a standby holds is the fold of its table's changelog up to the position
/// that it tells, by number of records and checksum (`not-a-prefix`).
///
/// It may lag, and may stand in the middle of a transaction: position and content are judged
/// together, from one answer of the worker, and the end of the changelog does not matter.
public final class StandbyCheck {

  private StandbyCheck() {}

  /// Judges a table's standbys.
  ///
  /// @param snapshots of all tables, partitions and roles, as the workers told them
  public static Property check(
      String table, PartitionedLog changelog, List<StoreSnapshot> snapshots) {
    Findings findings = new Findings();
    for (StoreSnapshot standby : of(table, snapshots)) {
      findings.compared();
      judge(standby, changelog, findings);
    }
    return findings.property(
        name(table),
        Section.SAFETY,
        "Each standby of " + table + " is the fold of the changelog to its position.");
  }

  /// Whether any worker stands by for the table.
  public static boolean appliesTo(String table, List<StoreSnapshot> snapshots) {
    return !of(table, snapshots).isEmpty();
  }

  private static List<StoreSnapshot> of(String table, List<StoreSnapshot> snapshots) {
    return snapshots.stream()
        .filter(s -> s.table().equals(table) && s.role().equals("standby"))
        .toList();
  }

  /// The property's name.
  public static String name(String table) {
    return "standby-prefix:" + table;
  }

  private static void judge(StoreSnapshot standby, PartitionedLog changelog, Findings findings) {
    KeyIndex keys = new KeyIndex();
    Longs sums = new Longs(0);
    for (Iterator<LogRecord> records = changelog.records(standby.partition());
        records.hasNext(); ) {
      LogRecord record = records.next();
      byte[] key = record.key();
      if (key == null || key.length == 0 || ChangelogKey.isReserved(key)) {
        continue;
      }
      if (record.offset() < standby.position()) {
        byte[] value = record.value();
        sums.set(keys.add(key, 0), value == null ? 0 : Mix.recordChecksum(key, value));
      }
    }
    long entries = 0;
    long checksum = 0;
    for (int slot = 0; slot < keys.size(); slot++) {
      checksum += sums.get(slot);
      entries += sums.get(slot) == 0 ? 0 : 1;
    }
    if (entries != standby.records() || checksum != standby.checksum()) {
      long expected = entries;
      long sum = checksum;
      findings.add(() ->
          new Anomaly(
              "not-a-prefix",
              "Partition "
                  + standby.partition()
                  + " of "
                  + standby.table()
                  + ", for which "
                  + standby.worker()
                  + " stands by at position "
                  + standby.position()
                  + ", has "
                  + standby.records()
                  + " records with checksum "
                  + Hex16.of(standby.checksum())
                  + "; the changelog up to there has "
                  + expected
                  + " with "
                  + Hex16.of(sum)
                  + ".",
              List.of()));
    }
  }
}
