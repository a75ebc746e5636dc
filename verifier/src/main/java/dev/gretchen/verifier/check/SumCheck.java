package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.ServiceJson;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.OrderBook;
import dev.gretchen.verifier.truth.Grouping;
import dev.gretchen.verifier.truth.KeyIndex;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.SourceCursor;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// `sums`: every value in a changelog holds, beside its tally, the sum of the quantities of just
/// the orders that it counts. That the tally is right is `changelog-prefix`'s to show; here the sum
/// of a group's first n orders is held against the record that counts n.
///
/// One partition at a time; eight bytes for each of its orders. Kind: `wrong-sum`.
public final class SumCheck {

  private final Witness witness;
  private final PartitionedLog source;
  private final PartitionedLog changelog;
  private final Grouping grouping;
  private final String field;
  private final Findings findings = new Findings();

  private SumCheck(
      Witness witness,
      PartitionedLog source,
      PartitionedLog changelog,
      Grouping grouping,
      String field) {
    this.witness = witness;
    this.source = source;
    this.changelog = changelog;
    this.grouping = grouping;
    this.field = field;
  }

  /// Judges a changelog by its source.
  ///
  /// @param field of the values that holds the sum
  public static Property check(
      String table,
      Witness witness,
      PartitionedLog source,
      PartitionedLog changelog,
      Grouping grouping,
      String field) {
    SumCheck check = new SumCheck(witness, source, changelog, grouping, field);
    for (int p = 0; p < Math.min(source.partitions(), changelog.partitions()); p++) {
      check.partition(p);
    }
    return check.findings.property(
        "sums:" + table,
        Section.SAFETY,
        "Every " + field + " in " + changelog.topic() + " is that of the orders it counts.");
  }

  private void partition(int partition) {
    LoadPlan plan = witness.plan();
    OrderBook book = plan.orders();
    KeyIndex groups = new KeyIndex();
    List<List<Long>> sums = new ArrayList<>();
    SourceCursor cursor = new SourceCursor(source.records(partition), grouping);
    while (cursor.hasNext()) {
      byte[] group = cursor.next();
      if (group.length > 0 && plan.indexOf(cursor.id()) >= 0 && plan.isColor(cursor.id())) {
        int slot = groups.add(group, 0);
        if (slot == sums.size()) {
          sums.add(new ArrayList<>());
        }
        List<Long> so = sums.get(slot);
        so.add((so.isEmpty() ? 0 : so.getLast()) + book.order(cursor.id()).quantity());
      }
    }
    for (Iterator<LogRecord> records = changelog.records(partition); records.hasNext(); ) {
      LogRecord record = records.next();
      byte[] key = record.key();
      byte[] value = record.value();
      if (key == null || value == null || key.length == 0 || key[0] != grouping.tag()) {
        continue;
      }
      int slot = groups.find(key, 1);
      Tally tally = TallyJson.decode(value);
      if (slot < 0 || tally == null || tally.count() < 1 || tally.count() > sums.get(slot).size()) {
        continue;
      }
      findings.compared();
      long expected = sums.get(slot).get((int) tally.count() - 1);
      long found = ServiceJson.number(value, field);
      if (found != expected) {
        add(record, key, "counts " + tally.count() + " orders, " + field + " " + found, expected);
      }
    }
  }

  private void add(LogRecord record, byte[] key, String what, long expected) {
    findings.add(() ->
        new Anomaly(
            "wrong-sum",
            "In "
                + changelog.topic()
                + ", "
                + ChangelogKey.describe(key)
                + ": "
                + Witness.at(changelog.topic(), record)
                + Witness.by(record)
                + " "
                + what
                + "; the truth is "
                + expected
                + ".",
            List.of(witness.exhibit(changelog.topic(), record, "wrong-sum")),
            record.observedAt()));
  }
}
