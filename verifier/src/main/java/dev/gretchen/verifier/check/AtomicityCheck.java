package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Anomaly.Exhibit;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `atomic`: what a transaction did to outputs, changelogs and offsets is visible together or not
/// at all.
///
/// **Frontiers.** By its lineage each record belongs to a transaction (worker, epoch) and stands
/// for a range of one source partition. Generations may differ within a transaction, because
/// outputs are made before the commit and changelog records with it; and epochs may come again in a
/// later process of the same worker, but for other offsets. The highest source offset that a
/// transaction shows in a log is its *frontier* there. Logs that hold something for every event of
/// the source (streams of updates, changelogs of counts) must all show the same frontier for each
/// transaction (`torn`): a commit may keep only the last value of a key, but the key of its last
/// event is among those.
///
/// **Offsets.** A group's committed offset never lies within what one transaction covers
/// (`half-committed`), and at the end not before it (`ahead-of-offset`): an offset belongs to the
/// transaction of the effects before it.
///
/// That prefixes and last values are right does not show this: a changelog record that is left out
/// between two others of its key is missed by nothing else. Holds under exactly-once only. Memory
/// is an entry for each transaction and source partition.
public final class AtomicityCheck {

  private record Name(String worker, long generation, long epoch) {

    boolean isPart(Name other) {
      return worker.equals(other.worker) && epoch == other.epoch;
    }
  }

  private record Edge(Lineage lineage, LogRecord record) {}

  /// What a transaction shows of one source partition.
  private static final class Span {
    private final Name name;
    private final @Nullable Edge[] frontiers;
    private long first = Long.MAX_VALUE;
    private long last = -1;

    Span(Name name, int logs) {
      this.name = name;
      this.frontiers = new Edge[logs];
    }

    void edge(int log, @Nullable Edge edge) {
      Edge before = frontiers[log];
      if (before == null || (edge != null && before.lineage().last() < edge.lineage().last())) {
        frontiers[log] = edge;
      }
    }

    /// Takes what another generation's name has of the same transaction.
    void take(Span other) {
      first = Math.min(first, other.first);
      last = Math.max(last, other.last);
      for (int i = 0; i < frontiers.length; i++) {
        edge(i, other.frontiers[i]);
      }
    }
  }

  private final Witness witness;
  private final String source;
  private final List<PartitionedLog> whole;
  private final Map<Integer, Map<Name, Span>> spans = new TreeMap<>();
  private final Map<Integer, List<Span>> transactions = new TreeMap<>();
  private final Findings findings = new Findings();

  private AtomicityCheck(Witness witness, String source, List<PartitionedLog> whole) {
    this.witness = witness;
    this.source = source;
    this.whole = whole;
  }

  /// The property's name.
  public static String name(String source) {
    return "atomic:" + source;
  }

  /// Judges all that is made of a source topic.
  ///
  /// @param whole logs that hold something for every event of the source
  /// @param partial logs that need not
  /// @param samples of all topics' offsets
  public static Property check(
      Witness witness,
      String source,
      List<PartitionedLog> whole,
      List<PartitionedLog> partial,
      Iterator<OffsetSample> samples) {
    AtomicityCheck check = new AtomicityCheck(witness, source, whole);
    for (int i = 0; i < whole.size(); i++) {
      check.read(whole.get(i), i);
    }
    partial.forEach(log -> check.read(log, -1));
    if (check.spans.isEmpty()) {
      return Property.skipped(name(source), Section.SAFETY, "the records carry no lineage");
    }
    check.joinGenerations();
    check.frontiers();
    check.offsets(samples);
    return check.findings.property(
        name(source),
        Section.SAFETY,
        "What a transaction made of "
            + source
            + " is in all outputs and changelogs alike, and its offset with it.");
  }

  private void read(PartitionedLog log, int number) {
    Lineage lineage = null;
    Span span = null;
    for (int p = 0; p < log.partitions(); p++) {
      for (Iterator<LogRecord> records = log.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        Lineage next = Lineage.decode(record.lineage(), lineage);
        if (next == null || !next.topic().equals(source)) {
          continue;
        }
        if (span == null || lineage == null || !isSame(lineage, next)) {
          span = span(next);
        }
        lineage = next;
        span.first = Math.min(span.first, next.first());
        span.last = Math.max(span.last, next.last());
        if (number >= 0) {
          span.edge(number, new Edge(next, record));
        }
      }
    }
  }

  private static boolean isSame(Lineage a, Lineage b) {
    return a.partition() == b.partition()
        && a.epoch() == b.epoch()
        && a.generation() == b.generation()
        && a.worker().equals(b.worker());
  }

  private Span span(Lineage lineage) {
    Name name = new Name(lineage.worker(), lineage.generation(), lineage.epoch());
    return spans
        .computeIfAbsent(lineage.partition(), _ -> new HashMap<>())
        .computeIfAbsent(name, same -> new Span(same, whole.size()));
  }

  private void joinGenerations() {
    spans.forEach((partition, byName) -> {
      List<Span> sorted =
          byName.values().stream()
              .sorted(
                  Comparator.comparing((Span span) -> span.name.worker())
                      .thenComparingLong(span -> span.name.epoch())
                      .thenComparingLong(span -> span.first))
              .toList();
      List<Span> joined = transactions.computeIfAbsent(partition, _ -> new ArrayList<>());
      for (Span span : sorted) {
        Span before = joined.isEmpty() ? null : joined.getLast();
        if (before != null && before.name.isPart(span.name) && span.first <= before.last) {
          before.take(span);
        } else {
          joined.add(span);
        }
      }
    });
  }

  private void frontiers() {
    transactions.forEach((partition, all) -> {
      for (Span span : all) {
        findings.compared();
        int high = -1;
        int low = -1;
        for (int i = 0; i < whole.size(); i++) {
          high = high < 0 || at(span, i) > at(span, high) ? i : high;
          low = low < 0 || at(span, i) < at(span, low) ? i : low;
        }
        if (high >= 0 && at(span, high) != at(span, low)) {
          torn(partition, span, high, low);
        }
      }
    });
  }

  private static long at(Span span, int log) {
    Edge edge = span.frontiers[log];
    return edge == null ? -1 : edge.lineage().last();
  }

  private void torn(int partition, Span span, int high, int low) {
    findings.add(() -> {
      List<Exhibit> exhibits = new ArrayList<>();
      Edge most = span.frontiers[high];
      Edge least = span.frontiers[low];
      if (most != null) {
        exhibits.add(witness.exhibit(whole.get(high).topic(), most.record(), "its frontier here"));
      }
      if (least != null) {
        exhibits.add(witness.exhibit(whole.get(low).topic(), least.record(), "its frontier here"));
      }
      long seenAt = most == null ? 0 : most.record().observedAt();
      return new Anomaly(
          "torn",
          "T"
              + words(span).substring(1)
              + " shows "
              + source
              + "-"
              + partition
              + " up to "
              + at(span, high)
              + " in "
              + whole.get(high).topic()
              + (least == null ? ", and nothing of it in " : ", but only up to " + at(span, low))
              + (least == null ? "" : " in ")
              + whole.get(low).topic()
              + (most == null ? "" : "; it is at " + at(high, most) + ", key " + key(most))
              + witness.after(seenAt)
              + ".",
          exhibits,
          seenAt);
    });
  }

  private String at(int log, Edge edge) {
    return Witness.at(whole.get(log).topic(), edge.record());
  }

  private static String key(Edge edge) {
    byte[] key = edge.record().key();
    boolean tagged = key != null && key.length > 0 && key[0] >= 0 && key[0] <= 2;
    return tagged ? ChangelogKey.describe(key).replaceFirst("^key ", "") : Witness.text(key);
  }

  private void offsets(Iterator<OffsetSample> samples) {
    Map<Integer, TreeMap<Long, Span>> byFirst = new HashMap<>();
    transactions.forEach((partition, all) -> {
      TreeMap<Long, Span> sorted = new TreeMap<>();
      all.forEach(span -> sorted.merge(span.first, span, AtomicityCheck::longer));
      byFirst.put(partition, sorted);
    });
    while (samples.hasNext()) {
      OffsetSample sample = samples.next();
      TreeMap<Long, Span> sorted =
          sample.topic().equals(source) ? byFirst.get(sample.partition()) : null;
      if (sorted == null || sample.committed() < 0) {
        continue;
      }
      findings.compared();
      var before = sorted.lowerEntry(sample.committed());
      if (before != null && before.getValue().last >= sample.committed()) {
        offset("half-committed", sample, before.getValue(), "in the midst of what ");
      } else if (sample.last() && sorted.lastEntry().getValue().last >= sample.committed()) {
        offset("ahead-of-offset", sample, sorted.lastEntry().getValue(), "before what ");
      }
    }
  }

  private static Span longer(Span a, Span b) {
    return a.last >= b.last ? a : b;
  }

  private void offset(String kind, OffsetSample sample, Span span, String where) {
    findings.add(() ->
        new Anomaly(
            kind,
            "The group's offset of "
                + source
                + "-"
                + sample.partition()
                + " was "
                + sample.committed()
                + ", "
                + where
                + words(span)
                + " shows of it, "
                + span.first
                + " to "
                + span.last
                + ".",
            List.of(),
            sample.at()));
  }

  private static String words(Span span) {
    return "the transaction of "
        + span.name.worker()
        + " (generation "
        + span.name.generation()
        + ", epoch "
        + span.name.epoch()
        + ")";
  }
}
