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

/// `store`: what a table's owners hold is the fold of its changelog, when all is quiet.
///
/// For each partition: exactly one active owner (`no-owner`, `two-owners`); its position is at the
/// changelog's end (`stale-store`); its entries are the fold of the changelog up to that position,
/// both ways (`missing`, `phantom`, `wrong-value`); and the number of records and the checksum that
/// it tells are those of its entries (`wrong-checksum`). That the fold of the changelog is the
/// truth is `final-table`'s to show.
public final class StoreCheck {

  private final PartitionedLog changelog;
  private final Findings findings = new Findings();
  private final String table;

  private StoreCheck(String table, PartitionedLog changelog) {
    this.table = table;
    this.changelog = changelog;
  }

  /// Judges a table's stores.
  ///
  /// @param snapshots of all tables and partitions, as the workers told them
  public static Property check(
      String table, PartitionedLog changelog, List<StoreSnapshot> snapshots) {
    String name = "store:" + table;
    if (snapshots.isEmpty()) {
      return Property.skipped(name, Section.SAFETY, "no worker told what its stores hold");
    }
    StoreCheck check = new StoreCheck(table, changelog);
    for (int p = 0; p < changelog.partitions(); p++) {
      int partition = p;
      check.partition(
          p,
          snapshots.stream()
              .filter(s -> s.table().equals(table) && s.partition() == partition)
              .filter(s -> s.role().equals("active"))
              .toList());
    }
    return check.findings.property(
        name,
        Section.SAFETY,
        "Each partition of "
            + table
            + " has one owner, whose store is the fold of the changelog to its end.");
  }

  private void partition(int partition, List<StoreSnapshot> owners) {
    findings.compared();
    if (owners.isEmpty()) {
      add("no-owner", partition, "is held by no worker");
    } else if (owners.size() > 1) {
      String names = String.join(" and ", owners.stream().map(StoreSnapshot::worker).toList());
      add("two-owners", partition, "is held by " + names + " at once");
    }
    owners.forEach(this::owner);
  }

  private void owner(StoreSnapshot store) {
    KeyIndex keys = new KeyIndex();
    Longs sums = new Longs(0);
    long end = fold(store, keys, sums);
    String who = "held by " + store.worker();
    if (store.position() < end) {
      add(
          "stale-store",
          store.partition(),
          who + " stands at " + store.position() + " of a changelog that ends at " + end);
    }
    long checksum = 0;
    long records = 0;
    for (Iterator<LogRecord> entries = store.entries().get(); entries.hasNext(); ) {
      LogRecord entry = entries.next();
      byte[] key = entry.key();
      byte[] value = entry.value();
      if (key == null || value == null) {
        continue;
      }
      findings.compared();
      records++;
      long sum = Mix.recordChecksum(key, value);
      checksum += sum;
      int slot = keys.find(key, 0);
      if (slot < 0 || sums.get(slot) == 0) {
        add("phantom", store.partition(), who + " has " + entry(key) + ", the changelog has not");
      } else if (sums.get(slot) != sum) {
        add(
            "wrong-value",
            store.partition(),
            who
                + " has "
                + entry(key)
                + " as "
                + Witness.text(value)
                + ", which is not the changelog's value at "
                + store.position());
      }
      if (slot >= 0) {
        sums.set(slot, 0);
      }
    }
    for (int slot = 0; slot < keys.size(); slot++) {
      if (sums.get(slot) != 0) {
        add("missing", store.partition(), who + " lacks " + entry(keys.key(slot)));
      }
    }
    if (records != store.records() || checksum != store.checksum()) {
      add(
          "wrong-checksum",
          store.partition(),
          who
              + (" tells " + store.records() + " records with checksum ")
              + Hex16.of(store.checksum())
              + (", its entries are " + records + " with ")
              + Hex16.of(checksum));
    }
  }

  /// Folds the changelog up to a store's position; the position behind its last data record.
  private long fold(StoreSnapshot store, KeyIndex keys, Longs sums) {
    long end = 0;
    Iterator<LogRecord> records = changelog.records(store.partition());
    while (records.hasNext()) {
      LogRecord record = records.next();
      byte[] key = record.key();
      if (key == null || key.length == 0 || ChangelogKey.isReserved(key)) {
        continue;
      }
      end = record.offset() + 1;
      if (record.offset() < store.position()) {
        byte[] value = record.value();
        sums.set(keys.add(key, 0), value == null ? 0 : Mix.recordChecksum(key, value));
      }
    }
    return end;
  }

  private static String entry(byte[] key) {
    return "the entry of " + ChangelogKey.describe(key);
  }

  private void add(String kind, int partition, String what) {
    findings.add(() ->
        new Anomaly(kind, "Partition " + partition + " of " + table + " " + what + ".", List.of()));
  }
}
