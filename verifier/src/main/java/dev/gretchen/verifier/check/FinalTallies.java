package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.truth.KeyIndex;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Longs;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.TallyTruth;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/// `final-table` and `final-output`: the last value of every key is the truth, in both directions:
/// no group of the truth is missing, and no other one is there.
///
/// A window that has expired by the final stream time may be gone or still there; if there, it must
/// be right. Under at-least-once a tally may hold more than the truth, never less.
///
/// Kinds: `missing`, `phantom`, `lost` and `doubled` (one event, named), `wrong-value`.
public final class FinalTallies {

  private static final long ABSENT = 0;
  private static final long PRESENT = 1;
  private static final long DELETED = 2;
  private static final long GARBLED = 3;

  private final Witness witness;
  private final TallyTruth truth;
  private final PartitionedLog log;
  private final Guarantee guarantee;
  private final int keyStart;
  private final Longs states = new Longs(ABSENT);
  private final Longs counts = new Longs(0);
  private final Longs fingerprints = new Longs(0);
  private final Longs partitions = new Longs(0);
  private final Longs offsets = new Longs(-1);
  private final Longs times = new Longs(0);
  private final KeyIndex extraKeys = new KeyIndex();
  private final Longs extraStates = new Longs(ABSENT);
  private final Findings findings = new Findings();

  private FinalTallies(
      Witness witness, TallyTruth truth, PartitionedLog log, boolean tagged, Guarantee guarantee) {
    this.witness = witness;
    this.truth = truth;
    this.log = log;
    this.guarantee = guarantee;
    this.keyStart = tagged ? 1 : 0;
  }

  /// Judges the last values of a log.
  ///
  /// @param tagged whether its keys are a changelog's, with a tag byte
  public static Property check(
      String name,
      Witness witness,
      TallyTruth truth,
      PartitionedLog log,
      boolean tagged,
      Guarantee guarantee) {
    FinalTallies check = new FinalTallies(witness, truth, log, tagged, guarantee);
    for (int p = 0; p < log.partitions(); p++) {
      for (Iterator<LogRecord> records = log.records(p); records.hasNext(); ) {
        check.fold(records.next());
      }
    }
    check.compare();
    return check.findings.property(
        name,
        Section.SAFETY,
        "The last value of every key in "
            + log.topic()
            + " is the truth, and no other key is there.");
  }

  private void fold(LogRecord record) {
    byte[] key = record.key();
    if (key == null || key.length < keyStart || (keyStart == 1 && ChangelogKey.isReserved(key))) {
      return;
    }
    boolean own = keyStart == 0 || key[0] == truth.grouping().tag();
    int slot = own ? truth.groups().find(key, keyStart) : -1;
    byte[] value = record.value();
    if (slot < 0) {
      extraStates.set(extraKeys.add(key, 0), value == null ? DELETED : PRESENT);
      return;
    }
    Tally tally = value == null ? null : TallyJson.decode(value);
    states.set(slot, value == null ? DELETED : tally == null ? GARBLED : PRESENT);
    counts.set(slot, tally == null ? 0 : tally.count());
    fingerprints.set(slot, tally == null ? 0 : tally.fingerprint());
    partitions.set(slot, record.partition());
    offsets.set(slot, record.offset());
    times.set(slot, record.observedAt());
  }

  private void compare() {
    for (int slot = 0; slot < truth.groups().size(); slot++) {
      findings.compared();
      int group = slot;
      long state = states.get(slot);
      if (state == PRESENT) {
        compareTally(slot, new Tally(counts.get(slot), fingerprints.get(slot)));
      } else if (state == GARBLED) {
        add("wrong-value", slot, () -> "ends with a value that is no tally");
      } else if (!truth.mayBeGone(truth.groups().key(slot), 0, truth.partition(slot))) {
        add(
            "missing",
            slot,
            () ->
                (state == DELETED ? "was deleted" : "is missing altogether")
                    + "; the truth is "
                    + truth.tally(group));
      }
    }
    for (int slot = 0; slot < extraKeys.size(); slot++) {
      if (extraStates.get(slot) == PRESENT) {
        byte[] key = extraKeys.key(slot);
        findings.add(() ->
            new Anomaly(
                "phantom",
                log.topic() + " holds " + words(key) + ", which the truth does not.",
                List.of()));
      }
    }
  }

  private void compareTally(int slot, Tally tally) {
    Tally expected = truth.tally(slot);
    if (tally.equals(expected)) {
      return;
    }
    long difference = tally.count() - expected.count();
    if (guarantee == Guarantee.AT_LEAST_ONCE && difference > 0) {
      return;
    }
    long lost = Mix.unmix(expected.fingerprint() - tally.fingerprint());
    long doubled = Mix.unmix(tally.fingerprint() - expected.fingerprint());
    if (difference == -1 && witness.plan().indexOf(lost) >= 0) {
      add("lost", slot, () -> "is 1 too low: it lacks " + witness.event(lost));
    } else if (difference == 1 && witness.plan().indexOf(doubled) >= 0) {
      add("doubled", slot, () -> "is 1 too high: it counts " + witness.event(doubled) + " twice");
    } else {
      add("wrong-value", slot, () -> "ends as " + tally + ", the truth is " + expected);
    }
  }

  private void add(String kind, int slot, Supplier<String> what) {
    findings.add(() -> {
      long offset = offsets.get(slot);
      String where = offset < 0 ? "" : log.topic() + "-" + partitions.get(slot) + "@" + offset;
      String last = offset < 0 ? "" : " (last written at " + where + ")";
      byte[] group = truth.groups().key(slot);
      return new Anomaly(
          kind,
          "In " + log.topic() + ", " + groupWords(group) + last + " " + what.get() + ".",
          offset < 0
              ? List.of()
              : List.of(new Anomaly.Exhibit(where, groupWords(group), "last value")),
          times.get(slot));
    });
  }

  private String groupWords(byte[] group) {
    if (keyStart == 0) {
      return "key " + Witness.text(group);
    }
    byte[] tagged = new byte[group.length + 1];
    tagged[0] = truth.grouping().tag();
    System.arraycopy(group, 0, tagged, 1, group.length);
    return ChangelogKey.describe(tagged);
  }

  private String words(byte[] key) {
    return keyStart == 0 ? "key " + Witness.text(key) : ChangelogKey.describe(key);
  }
}
