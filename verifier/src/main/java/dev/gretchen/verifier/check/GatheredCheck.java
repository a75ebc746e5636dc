package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Partitioner;
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
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/// `gathered` of a stream into which page views of several topics are brought together: each view
/// of each input exactly once, under the key that the contract says, with the other half of it as
/// its value, its time kept, where Kafka's producers put that key; and of one source partition the
/// views of a key in their order. Between source partitions there is no order: in which one they
/// came, the stream's own log says, and all that is judged behind it is judged by that.
///
/// Memory is a bit for each event of the load and a number for each key and source partition.
///
/// Kinds: `lost`, `doubled`, `phantom`, `wrong-value`, `wrong-partition`, `out-of-order`.
public final class GatheredCheck {

  private static final char SEPARATOR = '/';

  private final Witness witness;
  private final LoadPlan plan;
  private final List<String> regions;
  private final boolean byPage;
  private final PartitionedLog source;
  private final PartitionedLog stream;
  private final BitSet seen = new BitSet();
  private final KeyIndex keys = new KeyIndex();
  private final Longs lastIndexes = new Longs(-1);
  private final Findings findings = new Findings();
  private long repeated;

  private GatheredCheck(
      Witness witness,
      List<String> inputs,
      boolean byPage,
      PartitionedLog source,
      PartitionedLog stream) {
    this.witness = witness;
    this.plan = witness.plan();
    this.regions = inputs.stream().map(GatheredCheck::region).toList();
    this.byPage = byPage;
    this.source = source;
    this.stream = stream;
  }

  /// Judges a stream.
  ///
  /// @param inputs the topics over which the load's partitions reach
  /// @param by `page` or `user`
  /// @param source the logs of these topics as one
  public static Property check(
      Witness witness,
      List<String> inputs,
      String by,
      PartitionedLog source,
      PartitionedLog stream,
      Guarantee guarantee) {
    return new GatheredCheck(witness, inputs, by.equals("page"), source, stream).check(guarantee);
  }

  /// The region of a topic such as `views.eu.shop`: its second level.
  private static String region(String topic) {
    String[] levels = topic.split("\\.", -1);
    return levels.length > 1 ? levels[1] : topic;
  }

  private Property check(Guarantee guarantee) {
    boolean once = guarantee == Guarantee.EXACTLY_ONCE;
    for (MergedLog records = new MergedLog(stream); records.hasNext(); ) {
      observe(records.next(), once);
    }
    for (int p = 0; p < source.partitions(); p++) {
      for (Iterator<LogRecord> records = source.records(p); records.hasNext(); ) {
        expect(records.next());
      }
    }
    return findings.property(
        "gathered:" + stream.topic(),
        Section.SAFETY,
        "Every page view is in "
            + stream.topic()
            + (once ? " exactly once" : ", " + repeated + " of them again")
            + ", under its key and in order.");
  }

  private void observe(LogRecord record, boolean once) {
    findings.compared();
    long index = record.hasId() ? plan.indexOf(record.id()) : -1;
    if (index < 0 || !plan.isColor(record.id())) {
      add("phantom", record, () -> "holds " + witness.event(record) + ", which has no place there");
      return;
    }
    if (seen.get((int) index)) {
      repeated++;
      if (once) {
        add("doubled", record, () -> "repeats " + witness.event(record.id()));
      }
      return;
    }
    seen.set((int) index);
    byte[] page = page(record.id());
    byte[] user = plan.event(index).key();
    byte[] key = byPage ? page : user;
    if (!Arrays.equals(key, record.key())
        || !Arrays.equals(byPage ? user : page, record.value())
        || plan.time(index, record.id()) != record.timestamp()) {
      add(
          "wrong-value",
          record,
          () -> "changed key, value or timestamp of " + witness.event(record.id()));
      return;
    }
    int home = Partitioner.partition(key, stream.partitions());
    if (home != record.partition()) {
      add("wrong-partition", record, () -> "belongs into partition " + home);
    }
    int lane = lane(record, key);
    if (once && index < lastIndexes.get(lane)) {
      long before = lastIndexes.get(lane);
      add(
          "out-of-order",
          record,
          () -> "holds " + witness.event(record.id()) + " after event #" + before);
    }
    lastIndexes.set(lane, Math.max(index, lastIndexes.get(lane)));
  }

  /// A key's events of one source partition.
  private int lane(LogRecord record, byte[] key) {
    byte[] name = Arrays.copyOf(key, key.length + Short.BYTES);
    int from = plan.partitionOf(record.id());
    name[key.length] = (byte) (from >>> Byte.SIZE);
    name[key.length + 1] = (byte) from;
    return keys.add(name, 0);
  }

  /// The page of an event with its region before it.
  private byte[] page(long id) {
    String region = regions.get(plan.partitionOf(id) / plan.shape().partitions());
    return (region + SEPARATOR + new String(plan.value(id), StandardCharsets.UTF_8))
        .getBytes(StandardCharsets.UTF_8);
  }

  private void expect(LogRecord record) {
    long index = record.hasId() ? plan.indexOf(record.id()) : -1;
    if (index < 0 || !plan.isColor(record.id()) || seen.get((int) index)) {
      return;
    }
    findings.add(() ->
        new Anomaly(
            "lost",
            stream.topic()
                + " lacks "
                + witness.event(record.id())
                + witness.after(record.observedAt())
                + ".",
            List.of(witness.exhibit(source.place(record.partition()), record, "has no output")),
            record.observedAt()));
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
}
