package dev.gretchen.verifier.calibrate;

import static dev.gretchen.verifier.calibrate.Records.changed;
import static dev.gretchen.verifier.calibrate.Records.inserted;
import static dev.gretchen.verifier.calibrate.Records.isOf;
import static dev.gretchen.verifier.calibrate.Records.tally;
import static dev.gretchen.verifier.calibrate.Records.withKey;
import static dev.gretchen.verifier.calibrate.Records.withTally;
import static dev.gretchen.verifier.calibrate.Records.withValue;
import static dev.gretchen.verifier.calibrate.Records.without;

import dev.gretchen.verifier.calibrate.Change.InDescriptor;
import dev.gretchen.verifier.calibrate.Change.InLog;
import dev.gretchen.verifier.calibrate.Change.Rewrite;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.contract.TableKind;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.truth.Grouping;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.SourceCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/// What can be wrong with a table: its tallies, its changelog, its windows.
///
/// Where an event is counted wrongly, changelog and store agree on it, as they would in an app that
/// did so: only the truth can tell.
final class TableForgeries {

  private TableForgeries() {}

  /// An event of the source, with the number that its table's tally has after it.
  private record Counted(Table table, LogRecord event, byte[] key, long number) {

    long mixed() {
      return Mix.mix(event.id());
    }

    List<Change> tallies(Recording run, UnaryOperator<Tally> change) {
      return TableForgeries.tallies(run, table, event.partition(), from(key, number, change));
    }
  }

  static Forgery eventNotCounted(Recording run) {
    Counted lost = counted(run);
    return new Forgery(
        what(lost, " is counted nowhere in it"),
        named(run, "final-table:", Set.of("lost"), lost),
        lost.tallies(run, t -> new Tally(t.count() - 1, t.fingerprint() - lost.mixed())));
  }

  static Forgery eventCountedTwice(Recording run) {
    Counted twice = counted(run);
    return new Forgery(
        what(twice, " is counted twice in it"),
        named(run, "changelog-prefix:", Set.of("doubled"), twice),
        twice.tallies(run, t -> new Tally(t.count() + 1, t.fingerprint() + twice.mixed())));
  }

  /// One event twice, the next one of its key not at all: the count is right from then on.
  static Forgery lostAndDoubledCancel(Recording run) {
    Counted twice = counted(run);
    LogRecord lost =
        run.next(
            twice.table().source(), twice.event(), r -> r.hasId() && isOf(r, twice.event().key()));
    List<Change> changes =
        new ArrayList<>(
            twice.tallies(run, t -> new Tally(t.count() + 1, t.fingerprint() + twice.mixed())));
    // by the count that the first edit has made one higher
    changes.addAll(
        tallies(
            run,
            twice.table(),
            twice.event().partition(),
            from(
                twice.key(),
                twice.number() + 2,
                t -> new Tally(t.count() - 1, t.fingerprint() - Mix.mix(lost.id())))));
    return new Forgery(
        what(twice, " is counted twice in it, and " + run.event(lost.id()) + "not at all"),
        named(run, "changelog-prefix:", Set.of("doubled", "wrong-value"), twice),
        List.of(changes.toArray(Change[]::new)));
  }

  static Forgery changelogRecordLost(Recording run) {
    Table table = run.table(TableKind.COUNTS);
    LogRecord gone = data(run, table);
    return forged(
        table,
        gone,
        ", the last of its key, is left out; the store has it",
        Expected.fail(
            "store:" + table.name(),
            Set.of("wrong-value"),
            ChangelogKey.describe(gone.key()),
            "Partition " + gone.partition()),
        without(gone));
  }

  static Forgery oldValueComesBack(Recording run) {
    Table table = run.table(TableKind.COUNTS);
    String topic = table.changelog();
    LogRecord old = run.middle(topic, r -> tally(r) != null);
    LogRecord newer = run.next(topic, old, r -> isOf(r, old.key()));
    LogRecord before =
        run.beforeNext(
            topic,
            old.partition(),
            (r, next) -> r.offset() >= newer.offset() && next.offset() > r.offset() + 1);
    return forged(
        table,
        before,
        " is followed by an older value of a key, that of " + Witness.at(topic, old),
        Expected.fail(
            "changelog-prefix:" + table.name(),
            Set.of("went-back"),
            ChangelogKey.describe(old.key())),
        inserted(before, old));
  }

  /// The changelog lacks the last record of a transaction; as its key is written again later, no
  /// prefix and no last value is wrong.
  static Forgery tornTransaction(Recording run) {
    Table table = run.table(TableKind.COUNTS);
    String topic = table.changelog();
    LogRecord first = run.middle(topic, r -> Lineage.decode(r.lineage()) != null);
    Map<Long, LogRecord> frontiers = new HashMap<>();
    Map<ByteBuffer, Long> lastOffsets = new HashMap<>();
    for (Iterator<LogRecord> log = run.log(topic).records(first.partition()); log.hasNext(); ) {
      LogRecord record = log.next();
      Lineage lineage = Lineage.decode(record.lineage());
      if (lineage != null) {
        frontiers.merge(lineage.epoch(), record, (a, b) -> lastSource(a) >= lastSource(b) ? a : b);
        lastOffsets.put(ByteBuffer.wrap(key(record)), record.offset());
      }
    }
    LogRecord gone =
        frontiers.values().stream()
            .filter(r -> r.offset() >= first.offset())
            .filter(r -> lastOffsets.getOrDefault(ByteBuffer.wrap(key(r)), -1L) > r.offset())
            .min(Comparator.comparingLong(LogRecord::offset))
            .orElseThrow();
    Lineage lineage = Objects.requireNonNull(Lineage.decode(gone.lineage()));
    return forged(
        table,
        gone,
        ", the last that its transaction shows, is left out; its key is written again later",
        Expected.fail(
                "atomic:" + table.source(),
                Set.of("torn"),
                lineage.worker() + " (generation ",
                "epoch " + lineage.epoch(),
                table.source() + "-" + lineage.partition(),
                Long.toString(lineage.last()))
            .butNothingElse(),
        without(gone));
  }

  private static long lastSource(LogRecord record) {
    return Objects.requireNonNull(Lineage.decode(record.lineage())).last();
  }

  private static byte[] key(LogRecord record) {
    return Objects.requireNonNull(record.key());
  }

  static Forgery keyMissing(Recording run) {
    Table table = run.table(TableKind.COUNTS);
    LogRecord any = run.middle(table.changelog(), r -> tally(r) != null);
    return forged(
        table,
        any,
        " and all other records of its key are left out",
        Expected.fail(
            "final-table:" + table.name(), Set.of("missing"), ChangelogKey.describe(any.key())),
        record -> isOf(record, any.key()) ? List.of() : List.of(record));
  }

  static Forgery phantomKey(Recording run) {
    Table table = run.table(TableKind.COUNTS);
    LogRecord before = run.beforeGap(table.changelog(), r -> tally(r) != null);
    byte[] key = ChangelogKey.plain(new byte[] {'n', 'o', '-', 'k', 'e', 'y'});
    return forged(
        table,
        before,
        " is followed by a tally of a key that no event has",
        Expected.fail("final-table:" + table.name(), Set.of("phantom"), "key no-key"),
        inserted(before, withKey(before, key)));
  }

  static Forgery keyDeleted(Recording run) {
    Table table = run.table(TableKind.COUNTS);
    LogRecord gone = data(run, table);
    return forged(
        table,
        gone,
        " deletes its key",
        Expected.fail(
            "changelog-prefix:" + table.name(),
            Set.of("deleted"),
            ChangelogKey.describe(gone.key()),
            Witness.at(table.changelog(), gone)),
        changed(r -> r.offset() == gone.offset(), r -> withValue(r, null)));
  }

  /// An event near the end of a window is counted in the next one.
  static Forgery windowOffByOne(Recording run) {
    Table table = run.table(TableKind.WINDOWED_COUNTS);
    Grouping.ByWindow windows = Grouping.ByWindow.of(table.requiredSpan());
    long size = windows.size().toMillis();
    int partition = run.busiest(table.changelog());
    ChangelogKey.Windowed next = laterWindow(run, table, partition, size);
    long start = next.windowStart() - size;
    LogRecord event = null;
    long number = 0;
    SourceCursor cursor = new SourceCursor(run.log(table.source()).records(partition), windows);
    while (cursor.hasNext()) {
      boolean counted = cursor.next().length > 0 && cursor.windowStart() == start;
      if (counted && isOf(cursor.record(), next.key())) {
        event = cursor.record();
        number++;
      }
    }
    if (event == null) {
      throw new NoSuchElementException("the window before holds no event");
    }
    Counted wrong = new Counted(table, event, ChangelogKey.windowed(start, next.key()), number);
    List<Change> changes =
        new ArrayList<>(
            wrong.tallies(run, t -> new Tally(t.count() - 1, t.fingerprint() - wrong.mixed())));
    changes.addAll(
        tallies(
            run,
            table,
            partition,
            from(
                ChangelogKey.windowed(next.windowStart(), next.key()),
                0,
                t -> new Tally(t.count() + 1, t.fingerprint() + wrong.mixed()))));
    return new Forgery(
        what(wrong, " is counted in the window behind its own"),
        Expected.fail(
            "changelog-prefix:" + table.name(),
            Set.of("doubled"),
            ChangelogKey.describe(ChangelogKey.windowed(next.windowStart(), next.key())),
            run.event(event.id()),
            "another window"),
        changes);
  }

  /// The app keeps windows for longer than the descriptor now says, so it counts what came too
  /// late.
  static Forgery lateEventCounted(Recording run) {
    Table table = run.table(TableKind.WINDOWED_COUNTS);
    long size = table.requiredSpan().size().toMillis();
    int partitions = run.log(table.source()).partitions();
    long late = 0;
    for (int p = 0; p < partitions; p++) {
      long streamTime = Long.MIN_VALUE;
      for (Iterator<LogRecord> log = run.log(table.source()).records(p); log.hasNext(); ) {
        LogRecord record = log.next();
        streamTime = Math.max(streamTime, record.timestamp());
        late += windowStart(record, size) + size < streamTime ? 1 : 0;
      }
    }
    if (late == 0) {
      throw new NoSuchElementException("no event is behind its window's end");
    }
    return Forgery.of(
        "the descriptor says that windows wait for 1 ms; "
            + late
            + " events came later and were counted",
        Expected.fail(
            "changelog-prefix:" + table.name(), Set.of("doubled"), "event #", "came too late"),
        new InDescriptor(yaml ->
            yaml.contains("grace:")
                ? yaml.replaceAll("grace:\\s*\\S+", "grace: 1ms")
                : yaml.replaceAll("retention:\\s*\\S+", "retention: 1ms")));
  }

  /// Changes tallies in a table's changelog and, alike, in its owner's store.
  static List<Change> tallies(Recording run, Table table, int partition, Rewrite rewrite) {
    List<Change> changes = new ArrayList<>();
    changes.add(new InLog(table.changelog(), partition, rewrite));
    if (!run.stores(line -> line.table().equals(table.name())).isEmpty()) {
      changes.addAll(StoreForgeries.content(run, run.owner(table.name(), partition), rewrite));
    }
    return changes;
  }

  /// Changes a key's tallies from its n-th event on.
  private static Rewrite from(byte[] key, long number, UnaryOperator<Tally> change) {
    return changed(
        r -> {
          Tally tally = isOf(r, key) ? tally(r) : null;
          return tally != null && tally.count() >= number;
        },
        r -> withTally(r, change));
  }

  private static Counted counted(Recording run) {
    Table table = run.table(TableKind.COUNTS);
    LogRecord event = run.middle(table.source(), r -> r.hasId() && r.key() != null);
    byte[] key = Objects.requireNonNull(event.key());
    long number = run.count(table.source(), event, r -> r.hasId() && isOf(r, key));
    return new Counted(table, event, ChangelogKey.plain(key), number);
  }

  /// The last data record of the busiest partition.
  private static LogRecord data(Recording run, Table table) {
    int partition = run.busiest(table.changelog());
    return run.last(table.changelog(), partition, r -> tally(r) != null);
  }

  /// A window whose key has one just before it too.
  private static ChangelogKey.Windowed laterWindow(
      Recording run, Table table, int partition, long size) {
    Set<ByteBuffer> keys = new HashSet<>();
    for (Iterator<LogRecord> log = run.log(table.changelog()).records(partition); log.hasNext(); ) {
      LogRecord record = log.next();
      if (ChangelogKey.decode(record.key()) instanceof ChangelogKey.Windowed(long start, byte[] key)
          && record.value() != null) {
        keys.add(ByteBuffer.wrap(Objects.requireNonNull(record.key())));
        if (keys.contains(ByteBuffer.wrap(ChangelogKey.windowed(start - size, key)))) {
          return new ChangelogKey.Windowed(start, key);
        }
      }
    }
    throw new NoSuchElementException("no key has two windows in a row");
  }

  private static long windowStart(LogRecord record, long size) {
    return Math.floorDiv(record.timestamp(), size) * size;
  }

  private static String what(Counted counted, String what) {
    return counted.table().name()
        + ": the event of "
        + Witness.at(counted.table().source(), counted.event())
        + what;
  }

  private static Expected named(Recording run, String checker, Set<String> kinds, Counted counted) {
    return Expected.fail(
        checker + counted.table().name(),
        kinds,
        ChangelogKey.describe(counted.key()),
        run.event(counted.event().id()));
  }

  private static Forgery forged(
      Table table, LogRecord record, String what, Expected expected, Rewrite rewrite) {
    return Forgery.of(
        Witness.at(table.changelog(), record) + what,
        expected,
        new InLog(table.changelog(), record.partition(), rewrite));
  }
}
