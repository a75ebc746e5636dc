package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.KeyIndex;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Longs;
import dev.gretchen.verifier.truth.MergedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// `stream-exact` of a `filtered` stream: each accepted event of the source exactly once, keyed by
/// its value, with value and timestamp kept, in order by key and source partition.
///
/// **Which.** Source and stream are folded into one tally per colour each. Where count and
/// fingerprint agree the two hold the same multiset of events (a false agreement has a chance of
/// 2^-64). Where they do not, a second pass over both names the events ([IdDifference]).
///
/// **Order.** The input log's order is the load's (that is `platform-log`'s to show), so per key
/// and source partition the load's index must rise. A fallen index in a key whose tallies agree is
/// `out-of-order`; in a key whose tallies differ it is a consequence of what is reported there.
/// Where the source itself repeats events of a key, which is Kafka's doing, their order is not
/// judged, only that they are all there as often.
///
/// Kinds: `lost`, `doubled`, `phantom`, `wrong-value`, `wrong-partition`, `out-of-order`.
public final class FilteredCheck {

  private record Fall(int slot, LogRecord record, long before) {}

  private final Witness witness;
  private final LoadPlan plan;
  private final PartitionedLog source;
  private final PartitionedLog stream;
  private final KeyIndex colors = new KeyIndex();
  private final Longs expectedCounts = new Longs(0);
  private final Longs expectedFingerprints = new Longs(0);
  private final Longs counts = new Longs(0);
  private final Longs fingerprints = new Longs(0);
  private final Longs keyPartitions = new Longs(-1);
  private final Longs lastIndexes = new Longs(-1);
  private final Longs sourceIndexes = new Longs(-1);
  private final Set<Integer> repeated = new HashSet<>();
  private final List<Fall> falls = new ArrayList<>();
  private final Findings findings = new Findings();

  private FilteredCheck(Witness witness, PartitionedLog source, PartitionedLog stream) {
    this.witness = witness;
    this.plan = witness.plan();
    this.source = source;
    this.stream = stream;
    plan.colors().forEach(color -> colors.add(color.getBytes(StandardCharsets.UTF_8), 0));
  }

  /// Judges a stream by its source.
  public static Property check(Witness witness, PartitionedLog source, PartitionedLog stream) {
    return new FilteredCheck(witness, source, stream).check();
  }

  private Property check() {
    for (int p = 0; p < source.partitions(); p++) {
      for (Iterator<LogRecord> records = source.records(p); records.hasNext(); ) {
        expect(records.next());
      }
    }
    for (MergedLog records = new MergedLog(stream); records.hasNext(); ) {
      observe(records.next());
    }
    Set<Integer> failing = new HashSet<>();
    long differing = compareTallies(failing);
    if (differing > 0) {
      name(failing, differing);
    }
    for (Fall fall : falls) {
      if (agrees(fall.slot())) {
        outOfOrder(fall);
      }
    }
    return findings.property(
        "stream-exact:" + stream.topic(),
        Section.SAFETY,
        "Every accepted event of "
            + source.topic()
            + " is in "
            + stream.topic()
            + " exactly once, unchanged and in order.");
  }

  private void expect(LogRecord record) {
    int slot = accepted(record);
    if (slot >= 0) {
      expectedCounts.add(slot, 1);
      expectedFingerprints.add(slot, Mix.mix(record.id()));
      long index = plan.indexOf(record.id());
      if (index >= 0 && index <= sourceIndexes.get(column(slot, record.id()))) {
        repeated.add(column(slot, record.id()));
      }
      sourceIndexes.set(column(slot, record.id()), index);
    }
  }

  /// A key's events of one source partition.
  private int column(int slot, long id) {
    return slot * plan.shape().partitions() + plan.partitionOf(id);
  }

  private void observe(LogRecord record) {
    findings.compared();
    long index = record.hasId() ? plan.indexOf(record.id()) : -1;
    int slot = index < 0 ? -1 : colors.find(plan.value(record.id()), 0);
    if (slot < 0) {
      add("phantom", record, () -> "holds " + witness.event(record) + ", which has no place there");
      return;
    }
    counts.add(slot, 1);
    fingerprints.add(slot, Mix.mix(record.id()));
    byte[] value = plan.value(record.id());
    if (!Arrays.equals(value, record.key())
        || !Arrays.equals(value, record.value())
        || plan.time(index, record.id()) != record.timestamp()) {
      add(
          "wrong-value",
          record,
          () -> "changed key, value or timestamp of " + witness.event(record.id()));
    }
    if (keyPartitions.get(slot) < 0) {
      keyPartitions.set(slot, record.partition());
    } else if (keyPartitions.get(slot) != record.partition()) {
      add(
          "wrong-partition",
          record,
          () -> "is in another partition than earlier records of its key");
    }
    order(record, slot, index);
  }

  private void order(LogRecord record, int slot, long index) {
    int column = column(slot, record.id());
    long before = lastIndexes.get(column);
    if (index > before || repeated.contains(column)) {
      lastIndexes.set(column, index);
    } else if (falls.size() < 10 * Property.ANOMALIES_MAX) {
      falls.add(new Fall(slot, record, before));
    }
  }

  private long compareTallies(Set<Integer> failing) {
    long differing = 0;
    for (int slot = 0; slot < colors.size(); slot++) {
      if (!agrees(slot)) {
        differing++;
        if (failing.size() < Property.ANOMALIES_MAX) {
          failing.add(slot);
        }
      }
    }
    return differing;
  }

  private boolean agrees(int slot) {
    return counts.get(slot) == expectedCounts.get(slot)
        && fingerprints.get(slot) == expectedFingerprints.get(slot);
  }

  /// Names the events of the failing keys; the keys beyond the first few are only counted.
  private void name(Set<Integer> failing, long differing) {
    List<IdDifference.Entry> entries =
        IdDifference.find(
            source,
            record -> failing.contains(accepted(record)),
            stream,
            record ->
                plan.indexOf(record.id()) >= 0
                    && failing.contains(colors.find(plan.value(record.id()), 0)));
    for (IdDifference.Entry entry : entries) {
      LogRecord record = entry.record();
      String key = "Key " + Witness.text(plan.value(entry.id())) + " of " + stream.topic();
      if (entry.weight() > 0) {
        findings.add(() ->
            new Anomaly(
                "lost",
                key
                    + " lacks "
                    + witness.event(entry.id())
                    + witness.after(record.observedAt())
                    + ".",
                List.of(witness.exhibit(source.topic(), record, "has no output")),
                record.observedAt()));
      } else {
        add("doubled", record, () -> "repeats " + witness.event(entry.id()));
      }
    }
    for (long more = entries.isEmpty() ? 0 : failing.size(); more < differing; more++) {
      findings.add(() ->
          new Anomaly(
              "wrong-value",
              differing + " keys of " + stream.topic() + " differ from their source.",
              List.of()));
    }
  }

  private void outOfOrder(Fall fall) {
    add(
        "out-of-order",
        fall.record(),
        () -> "holds " + witness.event(fall.record().id()) + " after event #" + fall.before());
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            "Key "
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

  private int accepted(LogRecord record) {
    byte[] value = record.value();
    return record.hasId() && value != null ? colors.find(value, 0) : -1;
  }
}
