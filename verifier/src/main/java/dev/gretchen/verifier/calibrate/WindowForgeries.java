package dev.gretchen.verifier.calibrate;

import static dev.gretchen.verifier.calibrate.Records.inserted;
import static dev.gretchen.verifier.calibrate.Records.isOf;
import static dev.gretchen.verifier.calibrate.Records.replaced;
import static dev.gretchen.verifier.calibrate.Records.withKey;
import static dev.gretchen.verifier.calibrate.Records.withValue;
import static dev.gretchen.verifier.calibrate.Records.without;

import dev.gretchen.verifier.calibrate.Change.InLog;
import dev.gretchen.verifier.calibrate.Change.Rewrite;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.ClosedValue;
import dev.gretchen.verifier.contract.SessionValue;
import dev.gretchen.verifier.contract.StreamKind;
import dev.gretchen.verifier.contract.TableKind;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.contract.TimedTally;
import dev.gretchen.verifier.truth.Grouping;
import dev.gretchen.verifier.truth.LogRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What can be wrong where events of several topics come together, and with what windows, sessions
/// and keys that expire do behind that.
final class WindowForgeries {

  private WindowForgeries() {}

  static Forgery viewLost(Recording run) {
    String topic = gathered(run);
    LogRecord gone = run.middle(topic, LogRecord::hasId);
    return forged(topic, gone, " is left out", gathered(run, "lost", gone), without(gone));
  }

  static Forgery viewDoubled(Recording run) {
    String topic = gathered(run);
    LogRecord twice = run.beforeGap(topic, LogRecord::hasId);
    return forged(
        topic,
        twice,
        " is there a second time",
        gathered(run, "doubled", twice),
        inserted(twice, twice));
  }

  static Forgery viewUnderAnotherKey(Recording run) {
    String topic = gathered(run);
    LogRecord changed = run.middle(topic, LogRecord::hasId);
    LogRecord other = run.next(topic, changed, record -> !isOf(record, changed.key()));
    return forged(
        topic,
        changed,
        " has the key of " + Witness.at(topic, other),
        gathered(run, "wrong-value", changed),
        replaced(changed, withKey(changed, Objects.requireNonNull(other.key()))));
  }

  static Forgery lateEventDropped(Recording run) {
    Stream stream = run.stream(StreamKind.LATE);
    String table = stream.of().getFirst();
    LogRecord gone = run.middle(stream.topic(), record -> isLateFor(record, table));
    return forged(
        stream.topic(),
        gone,
        " is left out, as if nobody had told of it",
        Expected.fail("late:" + table, Set.of("lost"), run.event(gone.id())),
        without(gone));
  }

  static Forgery calledLate(Recording run) {
    Stream stream = run.stream(StreamKind.LATE);
    Table table = run.app().table(stream.of().getFirst());
    LogRecord before = run.beforeGap(stream.topic(), LogRecord::hasId);
    // the first of all has none before it that could have moved stream time beyond
    LogRecord punctual = run.log(table.source()).records(before.partition()).next();
    LogRecord called =
        new LogRecord(
            before.partition(),
            before.offset(),
            punctual.timestamp(),
            before.observedAt(),
            punctual.key(),
            punctual.value(),
            true,
            punctual.id(),
            before.lineage(),
            (table.name() + " " + punctual.timestamp()).getBytes(StandardCharsets.UTF_8));
    return forged(
        stream.topic(),
        before,
        " is followed by an event that was in time",
        Expected.fail("late:" + table.name(), Set.of("not-late"), run.event(punctual.id())),
        inserted(before, called));
  }

  static Forgery closedTwice(Recording run) {
    Stream stream = run.stream(StreamKind.CLOSED);
    LogRecord twice = run.beforeGap(stream.topic(), record -> closed(record) != null);
    return forged(
        stream.topic(),
        twice,
        " is there a second time",
        closed(stream, "doubled", twice),
        inserted(twice, twice));
  }

  static Forgery closeNeverTold(Recording run) {
    Stream stream = run.stream(StreamKind.CLOSED);
    LogRecord gone = run.middle(stream.topic(), record -> closed(record) != null);
    return forged(
        stream.topic(), gone, " is left out", closed(stream, "lost", gone), without(gone));
  }

  /// The window was told before its last event came.
  static Forgery closedTooEarly(Recording run) {
    Stream stream = run.stream(StreamKind.CLOSED);
    LogRecord early =
        run.middle(
            stream.topic(),
            record -> {
              ClosedValue value = closed(record);
              return value != null && value.tally().count() > 1;
            });
    ClosedValue value = Objects.requireNonNull(closed(early));
    Tally less = new Tally(value.tally().count() - 1, value.tally().fingerprint() - 1);
    ClosedValue told = new ClosedValue(value.start(), value.end(), less);
    return forged(
        stream.topic(),
        early,
        " lacks an event of its window",
        closed(stream, "wrong-value", early),
        replaced(early, withValue(early, told.encode())));
  }

  /// A late event begins a window anew that had been deleted, as Faust does.
  static Forgery lateEventRestartsAWindow(Recording run) {
    Table table = run.table(TableKind.WINDOWED_COUNTS);
    String topic = table.changelog();
    LogRecord tombstone = tombstone(run, table);
    LogRecord before =
        run.beforeNext(
            topic,
            tombstone.partition(),
            (record, next) ->
                record.offset() >= tombstone.offset() && next.offset() > record.offset() + 1);
    long late = run.middle(table.source(), LogRecord::hasId).id();
    byte[] key = Objects.requireNonNull(tombstone.key());
    LogRecord anew = withValue(withKey(before, key), TallyJson.encode(Tally.NONE.plus(late)));
    return forged(
        topic,
        before,
        " is followed by a first event of a window that was deleted before",
        Expected.fail(
            "changelog-prefix:" + table.name(), Set.of("resurrected"), ChangelogKey.describe(key)),
        inserted(before, anew));
  }

  static Forgery windowKept(Recording run) {
    Table table = run.table(TableKind.WINDOWED_COUNTS);
    LogRecord tombstone = tombstone(run, table);
    return forged(
        table.changelog(),
        tombstone,
        ", by which an expired window is deleted, is left out",
        Expected.fail(
            "dropped:" + table.name(), Set.of("kept"), ChangelogKey.describe(tombstone.key())),
        without(tombstone));
  }

  /// The first event after a key's time was over goes on with the tally that it had.
  static Forgery expiryForgotten(Recording run) {
    Table table = run.table(TableKind.EXPIRING_COUNTS);
    String topic = table.changelog();
    long lifetime = table.requiredSpan().size().toMillis();
    Map<ByteBuffer, TimedTally> before = new HashMap<>();
    int partition = run.busiest(topic);
    for (Iterator<LogRecord> records = run.log(topic).records(partition); records.hasNext(); ) {
      LogRecord record = records.next();
      byte[] bytes = record.value();
      TimedTally value = bytes == null ? null : TimedTally.decode(bytes);
      if (value == null) {
        continue;
      }
      TimedTally old = before.put(ByteBuffer.wrap(Objects.requireNonNull(record.key())), value);
      if (old != null && old.at() + lifetime <= value.at() && value.tally().count() == 1) {
        TimedTally wrong = new TimedTally(value.at(), old.tally().and(value.tally()));
        return forged(
            topic,
            record,
            " goes on with the tally of a key whose time was over",
            Expected.fail(
                "expiring:" + table.name(),
                Set.of("expiry-forgotten"),
                ChangelogKey.describe(record.key())),
            replaced(record, withValue(record, wrong.encode())));
      }
    }
    throw new NoSuchElementException("no key comes back after its time was over");
  }

  /// Two sessions with more than a gap between them are one.
  static Forgery sessionsMergedWrongly(Recording run) {
    Table table = run.table(TableKind.SESSIONS);
    String topic = table.changelog();
    Map<ByteBuffer, SessionValue> before = new HashMap<>();
    int partition = run.busiest(topic);
    for (Iterator<LogRecord> records = run.log(topic).records(partition); records.hasNext(); ) {
      LogRecord record = records.next();
      SessionValue session = session(record);
      if (session == null) {
        continue;
      }
      SessionValue earlier = before.put(own(record), session);
      if (earlier != null && earlier.end() < session.start()) {
        SessionValue wrong =
            new SessionValue(earlier.start(), session.end(), earlier.tally().and(session.tally()));
        return forged(
            topic,
            record,
            " is united with the session before it, that a gap lies between",
            Expected.fail(
                "sessions:" + table.name(),
                Set.of("wrong-value"),
                ChangelogKey.describe(record.key())),
            replaced(record, withValue(record, wrong.encode())));
      }
    }
    throw new NoSuchElementException("no key has two sessions");
  }

  /// A session ends a millisecond late.
  static Forgery sessionEndOffByOne(Recording run) {
    Table table = run.table(TableKind.SESSIONS);
    LogRecord changed = run.middle(table.changelog(), record -> session(record) != null);
    SessionValue session = Objects.requireNonNull(session(changed));
    SessionValue wrong = new SessionValue(session.start(), session.end() + 1, session.tally());
    return forged(
        table.changelog(),
        changed,
        " ends a millisecond late",
        Expected.fail(
            "sessions:" + table.name(),
            Set.of("wrong-bounds"),
            ChangelogKey.describe(changed.key())),
        replaced(changed, withValue(changed, wrong.encode())));
  }

  static Forgery timerFiresTwice(Recording run) {
    String topic = run.stream(StreamKind.TICKS).topic();
    LogRecord twice = run.beforeGap(topic, _ -> true);
    return forged(
        topic,
        twice,
        " is there a second time",
        timer(topic, "fired-twice", twice),
        inserted(twice, twice));
  }

  static Forgery timerMissesAMoment(Recording run) {
    String topic = run.stream(StreamKind.TICKS).topic();
    LogRecord before = run.middle(topic, _ -> true);
    LogRecord gone = run.next(topic, before, _ -> true);
    run.next(topic, gone, _ -> true);
    return forged(topic, gone, " is left out", timer(topic, "missed", gone), without(gone));
  }

  private static Expected timer(String topic, String kind, LogRecord record) {
    return Expected.fail(
        "timer:" + topic, Set.of(kind), Instant.ofEpochMilli(record.timestamp()).toString());
  }

  private static @Nullable SessionValue session(LogRecord record) {
    byte[] key = record.key();
    byte[] value = record.value();
    return key == null || value == null || key.length == 0 || key[0] != ChangelogKey.WINDOWED
        ? null
        : SessionValue.decode(value);
  }

  /// The key of a session's record without the moment that it stands under.
  private static ByteBuffer own(LogRecord record) {
    byte[] key = Objects.requireNonNull(record.key());
    return ByteBuffer.wrap(Arrays.copyOfRange(key, 1 + Long.BYTES, key.length));
  }

  /// The first record that deletes a window which was over long before the end.
  private static LogRecord tombstone(Recording run, Table table) {
    Grouping.ByWindow windows = Grouping.ByWindow.of(table.requiredSpan());
    int partition = run.busiest(table.changelog());
    long streamTime = Long.MIN_VALUE;
    for (Iterator<LogRecord> log = run.log(table.source()).records(partition); log.hasNext(); ) {
      streamTime = Math.max(streamTime, log.next().timestamp());
    }
    Set<ByteBuffer> written = new HashSet<>();
    for (Iterator<LogRecord> log = run.log(table.changelog()).records(partition); log.hasNext(); ) {
      LogRecord record = log.next();
      if (ChangelogKey.decode(record.key())
          instanceof ChangelogKey.Windowed(long start, byte[] _)) {
        ByteBuffer key = ByteBuffer.wrap(Objects.requireNonNull(record.key()));
        if (record.value() != null) {
          written.add(key);
        } else if (written.contains(key)
            && windows.expired(start + windows.size().toMillis(), streamTime)) {
          return record;
        }
      }
    }
    throw new NoSuchElementException("no window has expired");
  }

  private static boolean isLateFor(LogRecord record, String table) {
    return record.hasId() && Witness.text(record.reason()).startsWith(table + " ");
  }

  private static @Nullable ClosedValue closed(LogRecord record) {
    byte[] value = record.value();
    return value == null ? null : ClosedValue.decode(value);
  }

  private static String gathered(Recording run) {
    return run.stream(StreamKind.GATHERED).topic();
  }

  private static Expected gathered(Recording run, String kind, LogRecord record) {
    return Expected.fail("gathered:" + gathered(run), Set.of(kind), run.event(record.id()));
  }

  private static Expected closed(Stream stream, String kind, LogRecord record) {
    return Expected.fail(
        "closed:" + stream.of().getFirst(), Set.of(kind), "key " + Witness.text(record.key()));
  }

  private static Forgery forged(
      String topic, LogRecord record, String what, Expected expected, Rewrite rewrite) {
    return Forgery.of(
        Witness.at(topic, record) + what, expected, new InLog(topic, record.partition(), rewrite));
  }
}
