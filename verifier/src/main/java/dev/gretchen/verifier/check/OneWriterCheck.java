package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `one-writer`: what a zombie writes is never read, wherever it writes it.
///
/// Ownership of a source partition passes from generation to generation, and with it the offset up
/// to which all effects are committed. So over everything that is made of one source partition, in
/// all partitions of all topics, the offsets of a generation lie before those of the next. A record
/// of an older generation whose offsets reach into a younger one's was committed by a worker that
/// had been replaced (`zombie-effect`). No clock and no order of logs is needed for that; where
/// `generation-order` compares neighbours in one log, this compares all.
///
/// Holds under exactly-once only. Memory is two records for each generation and source partition.
public final class OneWriterCheck {

  private record Seen(Lineage lineage, String topic, LogRecord record) {}

  private static final class Reach {
    private Seen first;
    private Seen last;

    Reach(Seen seen) {
      this.first = seen;
      this.last = seen;
    }

    void take(Seen seen) {
      first = seen.lineage().first() < first.lineage().first() ? seen : first;
      last = seen.lineage().last() > last.lineage().last() ? seen : last;
    }
  }

  private final Witness witness;
  private final String source;
  private final Findings findings = new Findings();
  private final Map<Integer, TreeMap<Long, Reach>> reaches = new TreeMap<>();

  private OneWriterCheck(Witness witness, String source) {
    this.witness = witness;
    this.source = source;
  }

  /// The property's name.
  public static String name(String source) {
    return "one-writer:" + source;
  }

  /// Judges all that is made of a source topic.
  public static Property check(Witness witness, String source, List<PartitionedLog> logs) {
    OneWriterCheck check = new OneWriterCheck(witness, source);
    logs.forEach(check::read);
    if (check.reaches.isEmpty()) {
      return Property.skipped(name(source), Section.SAFETY, "the records carry no lineage");
    }
    check.reaches.values().forEach(generations -> check.judge(generations.values()));
    return check.findings.property(
        name(source),
        Section.SAFETY,
        "Nothing that a replaced worker wrote for " + source + " was read.");
  }

  private void read(PartitionedLog log) {
    Lineage previous = null;
    for (int p = 0; p < log.partitions(); p++) {
      for (Iterator<LogRecord> records = log.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        Lineage lineage = Lineage.decode(record.lineage(), previous);
        if (lineage != null && lineage.topic().equals(source)) {
          previous = lineage;
          findings.compared();
          take(new Seen(lineage, log.topic(), record));
        }
      }
    }
  }

  private void take(Seen seen) {
    Map<Long, Reach> generations =
        reaches.computeIfAbsent(seen.lineage().partition(), _ -> new TreeMap<>());
    Reach reach = generations.get(seen.lineage().generation());
    if (reach == null) {
      generations.put(seen.lineage().generation(), new Reach(seen));
    } else {
      reach.take(seen);
    }
  }

  /// @param generations oldest first
  private void judge(Collection<Reach> generations) {
    @Nullable Seen furthest = null;
    for (Reach reach : generations) {
      if (furthest != null && reach.first.lineage().first() <= furthest.lineage().last()) {
        accuse(furthest, reach.first);
      }
      furthest =
          furthest == null || reach.last.lineage().last() > furthest.lineage().last()
              ? reach.last
              : furthest;
    }
  }

  private void accuse(Seen zombie, Seen successor) {
    findings.add(() ->
        new Anomaly(
            "zombie-effect",
            "%s by %s stands for %s-%d up to offset %d, which %s had from offset %d on%s."
                .formatted(
                    Witness.at(zombie.topic(), zombie.record()),
                    zombie.lineage().sender(),
                    source,
                    zombie.lineage().partition(),
                    zombie.lineage().last(),
                    successor.lineage().sender(),
                    successor.lineage().first(),
                    witness.after(zombie.record().observedAt())),
            List.of(
                witness.exhibit(successor.topic(), successor.record(), "the successor's"),
                witness.exhibit(zombie.topic(), zombie.record(), "the zombie's")),
            zombie.record().observedAt()));
  }
}
