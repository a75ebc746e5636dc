package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.Grouping;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Longs;
import dev.gretchen.verifier.truth.MergedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.PendingIds;
import dev.gretchen.verifier.truth.SourceCursor;
import dev.gretchen.verifier.truth.TallyTruth;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `output-exact` and `changelog-prefix`: every tally that an app ever published is that of a
/// prefix of its group's events.
///
/// **The claim.** Let `e1, e2, …` be the events that a group (a key, or a key in a window) must
/// count, in the order of the source partition, and `F(n)` the sum of `mix` over the first n of
/// them. A published tally `(c, f)` is right when `f = F(c)`. In a stream of updates ([Mode#EVERY])
/// c rises by exactly one and the record carries the id of `ec`; in a changelog ([Mode#SOME]),
/// where a commit keeps only a key's last value, c rises by one or more.
///
/// **Lock-step.** For each published tally the cursor of the group's source partition is drawn on
/// just far enough to know `ec`; ids met on the way wait in the queues of their groups. So memory
/// is that of the groups and of the events between source and output, never of the events.
///
/// **Naming.** `mix` can be inverted, so one wrong event in a tally names itself:
/// - `f - F(c-1) = mix(x)` where x is one of the next few events after `ec`: those before x were
///   left out; where it is not: x was counted twice (or does not belong there);
/// - `F(c+1) - f = mix(x)` where x is one of the events since the last tally: x was left out;
/// - `f - F(c) = mix(x) - mix(y)` for such a y: x came in y's place.
///
/// After an anomaly the expectation is shifted by exactly what was found (`skew`), so that one lost
/// event is one anomaly and not one for each update that follows.
///
/// **Gaps.** An update that is skipped is held back: if it comes later it was `out-of-order`, if it
/// never comes it is `lost`.
///
/// Not thread-safe; one instance checks one log.
public final class PrefixCheck {

  /// What a log promises about the steps of its tallies.
  public enum Mode {
    /// One update for each event.
    EVERY,
    /// Any rising sequence of prefixes.
    SOME
  }

  /// How far ahead an event is looked for that is counted too early.
  static final int LOOK_AHEAD = 16;

  private final Witness witness;
  private final LoadPlan plan;
  private final TallyTruth truth;
  private final PartitionedLog observed;
  private final Mode mode;
  private final int keyStart;
  private final SourceCursor[] cursors;
  private final PendingIds pending = new PendingIds();
  private final Longs taken = new Longs(0);
  private final Longs prefixes = new Longs(0);
  private final Longs published = new Longs(0);
  private final Longs countSkews = new Longs(0);
  private final Longs fingerprintSkews = new Longs(0);
  private final Longs gone = new Longs(0);
  private final UpdateGaps gaps = new UpdateGaps();
  private final Findings findings = new Findings();

  private PrefixCheck(
      Witness witness,
      PartitionedLog source,
      TallyTruth truth,
      PartitionedLog observed,
      Mode mode) {
    this.witness = witness;
    this.plan = witness.plan();
    this.truth = truth;
    this.observed = observed;
    this.mode = mode;
    this.keyStart = mode == Mode.EVERY ? 0 : 1;
    this.cursors = new SourceCursor[source.partitions()];
    for (int p = 0; p < cursors.length; p++) {
      cursors[p] = new SourceCursor(source.records(p), truth.grouping());
    }
  }

  /// Judges a log of updates or a changelog.
  ///
  /// @param truth the fold of the same source
  public static Property check(
      String name,
      Witness witness,
      PartitionedLog source,
      TallyTruth truth,
      PartitionedLog observed,
      Mode mode) {
    PrefixCheck check = new PrefixCheck(witness, source, truth, observed, mode);
    for (MergedLog records = new MergedLog(observed); records.hasNext(); ) {
      check.observe(records.next());
    }
    check.finish();
    return check.findings.property(
        name,
        Section.SAFETY,
        switch (mode) {
          case EVERY ->
              observed.topic() + " shows every step of every key's tally once and in order.";
          case SOME ->
              "Every tally in " + observed.topic() + " is that of a prefix of its key's events.";
        });
  }

  private void observe(LogRecord record) {
    byte[] key = record.key();
    if (key == null || key.length < keyStart) {
      add("phantom", record, () -> "has no key");
      return;
    }
    if (mode == Mode.SOME) {
      if (ChangelogKey.isReserved(key)) {
        return;
      }
      if (key[0] != truth.grouping().tag()) {
        add("wrong-key", record, () -> "has a key of another kind of table");
        return;
      }
    }
    findings.compared();
    int slot = truth.groups().find(key, keyStart);
    byte[] value = record.value();
    if (slot < 0) {
      if (value != null) {
        add("phantom", record, () -> "has a key that no event of the source is counted under");
      }
    } else if (value == null) {
      tombstone(record, slot, key);
    } else {
      Tally tally = TallyJson.decode(value);
      if (tally == null) {
        add("wrong-value", record, () -> "holds no tally");
      } else {
        if (mode == Mode.SOME && record.partition() != truth.partition(slot)) {
          add("wrong-partition", record, () -> "belongs into partition " + truth.partition(slot));
        }
        update(record, slot, tally);
      }
    }
  }

  private void tombstone(LogRecord record, int slot, byte[] key) {
    if (mode == Mode.EVERY || !truth.mayBeGone(key, keyStart, truth.partition(slot))) {
      add("deleted", record, () -> "deletes what must still be kept");
    }
    gone.set(slot, 1);
  }

  private void update(LogRecord record, int slot, Tally tally) {
    if (gone.get(slot) != 0) {
      add("resurrected", record, () -> "writes to a group that was deleted before");
      return;
    }
    long steps = tally.count() - published.get(slot);
    if (steps <= 0) {
      back(record, slot, tally);
      return;
    }
    published.set(slot, tally.count());
    List<Long> passed = new ArrayList<>();
    for (long i = 1; i < steps && pull(slot); i++) {
      long id = take(slot);
      passed.add(id);
      if (mode == Mode.EVERY && !gaps.open(slot, tally.count() - steps + i, id, record)) {
        lostUpdate(slot, id, record);
      }
    }
    if (passed.size() < steps - 1) {
      ahead(record, slot, tally);
    } else {
      last(record, slot, tally, passed);
    }
  }

  /// The last step of an update, all before it being taken.
  private void last(LogRecord record, int slot, Tally tally, List<Long> passed) {
    long missing = tally.fingerprint() - fingerprintSkews.get(slot) - prefixes.get(slot);
    long counted = Mix.unmix(missing);
    boolean more = pull(slot);
    if (more && counted == pending.first(slot)) {
      take(slot);
      sameEvent(record, counted);
      return;
    }
    int place = ahead(slot, counted);
    if (place > 0) {
      skipped(record, slot, place);
      take(slot);
      return;
    }
    if (plan.indexOf(counted) >= 0) {
      skew(slot, 1, Mix.mix(counted));
      add(
          "doubled",
          record,
          () ->
              "counts "
                  + witness.event(counted)
                  + " once more than the truth does"
                  + why(counted, slot));
      return;
    }
    if (!more) {
      ahead(record, slot, tally);
      return;
    }
    passed.add(take(slot));
    leftOut(record, slot, tally, passed);
  }

  /// The place of an event among the group's next ones, -1 where it is not among the first few.
  private int ahead(int slot, long id) {
    if (plan.indexOf(id) < 0) {
      return -1;
    }
    pull(slot, LOOK_AHEAD);
    return pending.indexOf(slot, id);
  }

  /// The tally goes on with a later event: those before it were left out.
  private void skipped(LogRecord record, int slot, int events) {
    for (int i = 0; i < events; i++) {
      long lost = take(slot);
      skew(slot, -1, -Mix.mix(lost));
      add("lost", record, () -> "leaves out " + witness.event(lost));
    }
  }

  /// Tries to explain a wrong fingerprint by an event that was left out, or replaced, since the
  /// group's last update.
  private void leftOut(LogRecord record, int slot, Tally tally, List<Long> passed) {
    long excess = tally.fingerprint() - fingerprintSkews.get(slot) - prefixes.get(slot);
    if (pull(slot)) {
      long next = pending.first(slot);
      long lost = Mix.unmix(Mix.mix(next) - excess);
      if (passed.contains(lost)) {
        take(slot);
        skew(slot, -1, -Mix.mix(lost));
        add("lost", record, () -> "leaves out " + witness.event(lost));
        return;
      }
    }
    skew(slot, 0, excess);
    for (long lost : passed) {
      long foreign = Mix.unmix(excess + Mix.mix(lost));
      if (plan.indexOf(foreign) >= 0) {
        add(
            "wrong-value",
            record,
            () -> "counts " + witness.event(foreign) + " in place of " + witness.event(lost));
        return;
      }
    }
    add("wrong-value", record, () -> "is the tally of no prefix; " + compare(slot, tally));
  }

  /// More events than the truth holds.
  private void ahead(LogRecord record, int slot, Tally tally) {
    long count = tally.count() - countSkews.get(slot) - taken.get(slot);
    long fingerprint = tally.fingerprint() - fingerprintSkews.get(slot) - prefixes.get(slot);
    skew(slot, count, fingerprint);
    add("doubled", record, () -> "counts more than the truth; " + compare(slot, tally));
  }

  private void back(LogRecord record, int slot, Tally tally) {
    if (mode == Mode.EVERY && gaps.close(slot, tally.count())) {
      add("out-of-order", record, () -> "comes after a later update of its key");
    } else if (mode == Mode.EVERY) {
      add(
          "doubled",
          record,
          () -> "repeats update " + tally.count() + " of its key, for " + witness.event(record));
    } else {
      add(
          "went-back",
          record,
          () -> "goes back to " + tally.count() + " after " + published.get(slot));
    }
  }

  private void sameEvent(LogRecord record, long expected) {
    if (mode == Mode.EVERY && (!record.hasId() || record.id() != expected)) {
      add(
          "wrong-event",
          record,
          () -> "names " + witness.event(record) + " but counts " + witness.event(expected));
    }
  }

  private void finish() {
    if (mode == Mode.SOME) {
      return;
    }
    gaps.forEachOpen(gap -> lostUpdate(gap.slot(), gap.id(), gap.seenBy()));
    for (int slot = 0; slot < truth.groups().size(); slot++) {
      while (taken.get(slot) < truth.count(slot) && pull(slot)) {
        lostUpdate(slot, take(slot), null);
      }
    }
  }

  private void lostUpdate(int slot, long id, @Nullable LogRecord seenBy) {
    findings.compared();
    findings.add(() ->
        new Anomaly(
            "lost",
            "Key "
                + Witness.text(truth.groups().key(slot))
                + " of "
                + observed.topic()
                + " has no update for "
                + witness.event(id)
                + (seenBy == null
                    ? ", nor any later one"
                    : "; the next one is "
                        + Witness.at(observed.topic(), seenBy)
                        + Witness.by(seenBy)
                        + witness.after(seenBy.observedAt()))
                + ".",
            seenBy == null
                ? List.of()
                : List.of(witness.exhibit(observed.topic(), seenBy, "follows the gap")),
            seenBy == null ? 0 : seenBy.observedAt()));
  }

  private boolean pull(int slot) {
    return pull(slot, 1);
  }

  /// Draws on the group's source partition until some of the group's next events are known.
  private boolean pull(int slot, int events) {
    SourceCursor cursor = cursors[truth.partition(slot)];
    while (pending.size(slot) < events
        && taken.get(slot) + pending.size(slot) < truth.count(slot)
        && cursor.hasNext()) {
      byte[] group = cursor.next();
      if (group.length > 0) {
        pending.add(truth.groups().find(group, 0), cursor.id());
      }
    }
    return !pending.isEmpty(slot);
  }

  private long take(int slot) {
    long id = pending.remove(slot);
    taken.add(slot, 1);
    prefixes.add(slot, Mix.mix(id));
    return id;
  }

  private void skew(int slot, long count, long fingerprint) {
    countSkews.add(slot, count);
    fingerprintSkews.add(slot, fingerprint);
  }

  private String compare(int slot, Tally tally) {
    return "it says " + tally + ", the whole truth is " + truth.tally(slot);
  }

  private String why(long id, int slot) {
    if (truth.grouping() instanceof Grouping.ByWindow window) {
      long start = Grouping.windowStart(truth.groups().key(slot), 0);
      return window.holds(start, plan.time(plan.indexOf(id), id))
          ? ", twice or although it came too late"
          : ", though it lies in another window";
    }
    return "";
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            "In "
                + observed.topic()
                + ", "
                + describe(record)
                + ": "
                + Witness.at(observed.topic(), record)
                + Witness.by(record)
                + " "
                + what.get()
                + witness.after(record.observedAt())
                + ".",
            List.of(witness.exhibit(observed.topic(), record, kind)),
            record.observedAt()));
  }

  private String describe(LogRecord record) {
    return mode == Mode.EVERY
        ? "key " + Witness.text(record.key())
        : ChangelogKey.describe(record.key());
  }
}
