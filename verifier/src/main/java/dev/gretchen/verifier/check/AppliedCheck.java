package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AppliedOffsets;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `applied`: no committed offset calls an event applied before the transaction that holds what
/// became of it. Whoever commits past an event that is under way loses it when killed at that
/// moment; here it is found out without a kill.
///
/// An event's effects and the offset that calls it applied are one transaction's, and both name its
/// epoch, which rises with each transaction of a worker's process. So a worker has committed past
/// an event where an offset, looked at while the worker had the partition, names a lower epoch than
/// the record that the worker made of the event in that tenure, and calls the event applied all the
/// same. (An offset that its predecessor left there may name any epoch; but one that calls an event
/// applied which the successor then did is as wrong.)
///
/// Looked at are records that were seen after the offset was, for [#AHEAD_MILLIS]: about a hundred
/// bytes for each event. Kind: `applied-early`.
public final class AppliedCheck {

  /// An event may be under way for so long: calls, retries and all.
  private static final long AHEAD_MILLIS = 120_000;

  /// What became of an event.
  private record Effect(String log, LogRecord record, Lineage lineage) {}

  /// Who had a partition from a moment on.
  private record Owner(String worker, long generation) {}

  private final Witness witness;
  private final String source;
  private final Map<Integer, List<Effect>> effects = new HashMap<>();
  private final Map<Integer, NavigableMap<Long, Owner>> owners = new HashMap<>();
  private final Set<Effect> accused = new HashSet<>();
  private final Findings findings = new Findings();

  private AppliedCheck(Witness witness, String source) {
    this.witness = witness;
    this.source = source;
  }

  /// The property of a source topic.
  public static String name(String source) {
    return "applied:" + source;
  }

  /// Judges the offsets of a stream's source by the stream and the dead letters.
  ///
  /// @param samples in the order of time
  /// @param audit in the order of time
  public static Property check(
      Witness witness,
      EnrichmentCheck.Logs logs,
      Iterator<OffsetSample> samples,
      List<AuditEvent> audit) {
    AppliedCheck check = new AppliedCheck(witness, logs.source().topic());
    check.read(logs.stream());
    check.read(logs.deadLetters());
    check
        .effects
        .values()
        .forEach(all -> all.sort(Comparator.comparingLong(effect -> effect.record().observedAt())));
    audit.stream()
        .filter(event -> event.event().equals("assigned") && event.topic().equals(check.source))
        .forEach(event ->
            check
                .owners
                .computeIfAbsent(event.partition(), _ -> new TreeMap<>())
                .put(event.at(), new Owner(event.worker(), event.generation())));
    samples.forEachRemaining(check::look);
    Property property =
        check.findings.property(
            name(check.source),
            Section.SAFETY,
            "No offset of "
                + check.source
                + " called an event applied before the transaction that holds what became of it.");
    return property.compared() == 0
        ? Property.skipped(
            property.name(),
            Section.SAFETY,
            "the committed offsets, or the records, do not name their transactions")
        : property;
  }

  private void read(PartitionedLog log) {
    for (int p = 0; p < log.partitions(); p++) {
      for (Iterator<LogRecord> records = log.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        Lineage lineage = Lineage.decode(record.lineage());
        if (lineage != null && lineage.topic().equals(source)) {
          effects
              .computeIfAbsent(lineage.partition(), _ -> new ArrayList<>())
              .add(new Effect(log.topic(), record, lineage));
        }
      }
    }
  }

  private void look(OffsetSample sample) {
    NavigableMap<Long, Owner> tenures = owners.get(sample.partition());
    List<Effect> all = effects.get(sample.partition());
    if (!sample.topic().equals(source) || tenures == null || all == null) {
      return;
    }
    Map.Entry<Long, Owner> tenure = tenures.floorEntry(sample.at());
    AppliedOffsets applied = applied(sample);
    if (tenure == null || applied == null) {
      return;
    }
    findings.compared();
    for (int i = firstAfter(all, sample.at()); i < all.size(); i++) {
      Effect effect = all.get(i);
      if (effect.record().observedAt() > sample.at() + AHEAD_MILLIS) {
        return;
      }
      Lineage lineage = effect.lineage();
      if (applied.contains(lineage.last())
          && lineage.worker().equals(tenure.getValue().worker())
          && lineage.generation() >= tenure.getValue().generation()
          && lineage.epoch() > applied.epoch()
          && accused.add(effect)) {
        add(sample, applied, effect);
      }
    }
  }

  /// Null where the sample does not say; that it cannot be read is another property's.
  private static @Nullable AppliedOffsets applied(OffsetSample sample) {
    if (sample.committed() < 0) {
      return null;
    }
    try {
      AppliedOffsets applied = AppliedOffsets.of(sample.committed(), sample.metadata());
      return applied.epoch() == AppliedOffsets.NO_EPOCH ? null : applied;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /// The index of the first that was seen after a moment.
  private static int firstAfter(List<Effect> effects, long at) {
    int low = 0;
    int high = effects.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (effects.get(middle).record().observedAt() > at) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private void add(OffsetSample sample, AppliedOffsets applied, Effect effect) {
    LogRecord record = effect.record();
    findings.add(() ->
        new Anomaly(
            "applied-early",
            "The offset of %s-%d, %d by epoch %d, called %s applied; it was under way: %s is by %s, %d ms later%s."
                .formatted(
                    source,
                    sample.partition(),
                    sample.committed(),
                    applied.epoch(),
                    witness.event(record),
                    Witness.at(effect.log(), record),
                    effect.lineage().sender(),
                    record.observedAt() - sample.at(),
                    witness.after(sample.at())),
            List.of(witness.exhibit(effect.log(), record, "applied-early")),
            sample.at()));
  }
}
