package dev.gretchen.verifier.calibrate;

import static dev.gretchen.verifier.calibrate.Records.inserted;
import static dev.gretchen.verifier.calibrate.Records.isOf;
import static dev.gretchen.verifier.calibrate.Records.replaced;
import static dev.gretchen.verifier.calibrate.Records.swapped;
import static dev.gretchen.verifier.calibrate.Records.withId;
import static dev.gretchen.verifier.calibrate.Records.withKey;
import static dev.gretchen.verifier.calibrate.Records.withTally;
import static dev.gretchen.verifier.calibrate.Records.withTimestamp;
import static dev.gretchen.verifier.calibrate.Records.without;

import dev.gretchen.verifier.calibrate.Change.InFacts;
import dev.gretchen.verifier.calibrate.Change.InLog;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.StreamKind;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.truth.LogRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;

/// What can be wrong with the topics that an app writes.
final class StreamForgeries {

  private StreamForgeries() {}

  static Forgery outputLost(Recording run) {
    String topic = filtered(run);
    LogRecord gone = run.middle(topic, LogRecord::hasId);
    return forged(topic, gone, " is left out", exact(run, topic, "lost", gone), without(gone));
  }

  static Forgery outputDoubled(Recording run) {
    String topic = filtered(run);
    LogRecord twice = run.beforeGap(topic, LogRecord::hasId);
    return forged(
        topic,
        twice,
        " is there a second time",
        exact(run, topic, "doubled", twice),
        inserted(twice, twice));
  }

  static Forgery outputsSwapped(Recording run) {
    String topic = filtered(run);
    LogRecord early = run.middle(topic, LogRecord::hasId);
    LogRecord late = run.next(topic, early, record -> isSameLane(run, early, record));
    return forged(
        topic,
        early,
        " changes places with " + Witness.at(topic, late),
        exact(run, topic, "out-of-order", early),
        swapped(early, late));
  }

  /// The count of the key stays right.
  static Forgery outputLostAndDoubled(Recording run) {
    String topic = filtered(run);
    LogRecord twice = run.middle(topic, LogRecord::hasId);
    LogRecord gone = run.next(topic, twice, record -> isOf(record, twice.key()));
    return forged(
        topic,
        gone,
        " is a copy of " + Witness.at(topic, twice) + " of the same key",
        exact(run, topic, "lost", gone),
        replaced(gone, twice));
  }

  static Forgery outputPhantom(Recording run) {
    String topic = filtered(run);
    LogRecord before = run.beforeGap(topic, LogRecord::hasId);
    long id = run.plan().id(run.plan().count() + 6);
    return forged(
        topic,
        before,
        " is followed by a record that no event caused",
        Expected.fail("stream-exact:" + topic, Set.of("phantom"), Hex16.of(id)),
        inserted(before, withId(before, id)));
  }

  static Forgery outputTimestamp(Recording run) {
    String topic = filtered(run);
    LogRecord changed = run.middle(topic, LogRecord::hasId);
    return forged(
        topic,
        changed,
        " is one millisecond late in event time",
        exact(run, topic, "wrong-value", changed),
        replaced(changed, withTimestamp(changed, changed.timestamp() + 1)));
  }

  static Forgery outputWrongKey(Recording run) {
    String topic = filtered(run);
    LogRecord changed = run.middle(topic, LogRecord::hasId);
    LogRecord other = run.next(topic, changed, record -> !isOf(record, changed.key()));
    return forged(
        topic,
        changed,
        " has the key of " + Witness.at(topic, other),
        Expected.fail("stream-exact:" + topic, Set.of("wrong-value"), run.event(changed.id())),
        replaced(changed, withKey(changed, Objects.requireNonNull(other.key()))));
  }

  static Forgery outputInWrongPartition(Recording run) {
    String topic = filtered(run);
    LogRecord gone = run.middle(topic, LogRecord::hasId);
    int other = (gone.partition() + 1) % run.log(topic).partitions();
    LogRecord before =
        run.beforeNext(topic, other, (record, next) -> next.offset() > record.offset() + 1);
    return Forgery.of(
        Witness.at(topic, gone) + " lies in partition " + other + " instead",
        Expected.fail("stream-exact:" + topic, Set.of("wrong-partition"), key(gone)),
        new InLog(topic, gone.partition(), without(gone)),
        new InLog(topic, other, inserted(before, gone)));
  }

  static Forgery updateLost(Recording run) {
    String topic = updates(run);
    LogRecord gone = run.middle(topic, LogRecord::hasId);
    return forged(topic, gone, " is left out", update(run, topic, "lost", gone), without(gone));
  }

  static Forgery updateDoubled(Recording run) {
    String topic = updates(run);
    LogRecord twice = run.beforeGap(topic, LogRecord::hasId);
    return forged(
        topic,
        twice,
        " is there a second time",
        update(run, topic, "doubled", twice),
        inserted(twice, twice));
  }

  static Forgery updatesSwapped(Recording run) {
    String topic = updates(run);
    LogRecord early = run.middle(topic, LogRecord::hasId);
    LogRecord late = run.next(topic, early, record -> isOf(record, early.key()));
    return forged(
        topic,
        early,
        " changes places with the next update of its key, " + Witness.at(topic, late),
        Expected.fail(
            "output-exact:" + topic, Set.of("out-of-order"), key(early), Witness.at(topic, late)),
        swapped(early, late));
  }

  static Forgery tallyOneMore(Recording run) {
    String topic = updates(run);
    LogRecord changed = run.middle(topic, LogRecord::hasId);
    return forged(
        topic,
        changed,
        " counts one more, with the right fingerprint",
        wrongTally(topic, changed),
        replaced(changed, withTally(changed, t -> new Tally(t.count() + 1, t.fingerprint()))));
  }

  static Forgery fingerprintBit(Recording run) {
    String topic = updates(run);
    LogRecord changed = run.middle(topic, LogRecord::hasId);
    return forged(
        topic,
        changed,
        " has one bit of its fingerprint flipped, with the right count",
        wrongTally(topic, changed),
        replaced(
            changed, withTally(changed, t -> new Tally(t.count(), t.fingerprint() ^ 1L << 40))));
  }

  static Forgery updateNamesAnotherEvent(Recording run) {
    String topic = updates(run);
    LogRecord changed = run.middle(topic, LogRecord::hasId);
    LogRecord other = run.next(topic, changed, record -> !isOf(record, changed.key()));
    return forged(
        topic,
        changed,
        " carries the id of " + Witness.at(topic, other),
        Expected.fail(
            "output-exact:" + topic,
            Set.of("wrong-event"),
            key(changed),
            run.event(other.id()),
            run.event(changed.id())),
        replaced(changed, withId(changed, other.id())));
  }

  static Forgery lastUpdateLost(Recording run) {
    String topic = updates(run);
    LogRecord gone = run.last(topic, run.busiest(topic), LogRecord::hasId);
    return forged(
        topic,
        gone,
        ", the last of its key, is left out",
        Expected.fail("final-output:" + topic, Set.of("lost"), key(gone), run.event(gone.id())),
        without(gone));
  }

  /// All records of one transaction in one partition, once more before those that counted: what a
  /// consumer sees of an aborted attempt when it reads uncommitted.
  static Forgery abortedSeen(Recording run) {
    String topic = updates(run);
    if (run.app().sources().contains(topic)) {
      throw new NoSuchElementException("what another stage reads cannot be shifted");
    }
    LogRecord first = run.middle(topic, record -> Lineage.decode(record.lineage()) != null);
    List<LogRecord> attempt = new ArrayList<>(List.of(first));
    Lineage of = Objects.requireNonNull(Lineage.decode(first.lineage()));
    LogRecord end =
        run.next(
            topic,
            first,
            record -> {
              Lineage lineage = Lineage.decode(record.lineage());
              boolean same =
                  lineage != null
                      && lineage.epoch() == of.epoch()
                      && lineage.worker().equals(of.worker());
              if (same) {
                attempt.add(record);
              }
              return !same;
            });
    long shift = end.offset() - first.offset();
    return forged(
        topic,
        first,
        " and what follows of its transaction is there twice, as if an aborted attempt were read",
        update(run, topic, "doubled", first),
        record -> {
          if (record.offset() < end.offset()) {
            return List.of(record);
          }
          List<LogRecord> out = new ArrayList<>();
          if (record.offset() == end.offset()) {
            attempt.forEach(r -> out.add(Records.at(r, r.offset() + shift)));
          }
          out.add(Records.at(record, record.offset() + shift));
          return out;
        });
  }

  /// Judged as at-least-once: a record twice before anything was done to a worker.
  static Forgery unexplainedDuplicate(Recording run) {
    String topic = updates(run);
    LogRecord twice = beforeFaults(run, topic);
    return Forgery.of(
        Witness.at(topic, twice) + " is there a second time, though no worker had ended",
        Expected.fail(
            "output-at-least-once:" + topic,
            Set.of("unexplained-duplicate"),
            key(twice),
            run.event(twice.id())),
        atLeastOnce(),
        new InLog(topic, twice.partition(), inserted(twice, twice)));
  }

  /// A record with a free offset behind it that was seen before any fault excuses it.
  private static LogRecord beforeFaults(Recording run, String topic) {
    long first = run.faults().stream().mapToLong(FaultLine::at).min().orElse(Long.MAX_VALUE);
    for (int p = 0; p < run.log(topic).partitions(); p++) {
      LogRecord before = null;
      for (Iterator<LogRecord> records = run.log(topic).records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        if (record.observedAt() >= first) {
          break;
        }
        if (before != null && before.hasId() && record.offset() > before.offset() + 1) {
          return before;
        }
        before = record;
      }
    }
    throw new NoSuchElementException("no update is followed by a free offset before the faults");
  }

  /// Judged as at-least-once: a record that is not there at all.
  static Forgery lostAtLeastOnce(Recording run) {
    String topic = filtered(run);
    LogRecord gone = run.middle(topic, LogRecord::hasId);
    return Forgery.of(
        Witness.at(topic, gone) + " is left out",
        Expected.fail("stream-at-least-once:" + topic, Set.of("lost"), run.event(gone.id())),
        atLeastOnce(),
        new InLog(topic, gone.partition(), without(gone)));
  }

  static InFacts atLeastOnce() {
    return new InFacts("judgeAs", Guarantee.AT_LEAST_ONCE.word());
  }

  static String key(LogRecord record) {
    return "ey " + Witness.text(record.key());
  }

  private static String filtered(Recording run) {
    return run.stream(StreamKind.FILTERED).topic();
  }

  private static String updates(Recording run) {
    return run.stream(StreamKind.COUNT_UPDATES).topic();
  }

  private static boolean isSameLane(Recording run, LogRecord a, LogRecord b) {
    return b.hasId()
        && isOf(b, a.key())
        && run.plan().partitionOf(a.id()) == run.plan().partitionOf(b.id());
  }

  private static Expected exact(Recording run, String topic, String kind, LogRecord record) {
    return Expected.fail(
        "stream-exact:" + topic, Set.of(kind), key(record), run.event(record.id()));
  }

  private static Expected update(Recording run, String topic, String kind, LogRecord record) {
    return Expected.fail(
        "output-exact:" + topic, Set.of(kind), key(record), run.event(record.id()));
  }

  private static Expected wrongTally(String topic, LogRecord record) {
    return Expected.fail(
        "output-exact:" + topic,
        Set.of("wrong-value", "doubled", "lost"),
        key(record),
        Witness.at(topic, record));
  }

  private static Forgery forged(
      String topic, LogRecord record, String what, Expected expected, Change.Rewrite rewrite) {
    return Forgery.of(
        Witness.at(topic, record) + what, expected, new InLog(topic, record.partition(), rewrite));
  }
}
