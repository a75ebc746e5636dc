package dev.gretchen.verifier.calibrate;

import static dev.gretchen.verifier.calibrate.Records.changed;
import static dev.gretchen.verifier.calibrate.Records.withLineage;

import dev.gretchen.verifier.calibrate.Change.InLog;
import dev.gretchen.verifier.check.CleanRestartCheck;
import dev.gretchen.verifier.check.DisjointOwnershipCheck;
import dev.gretchen.verifier.check.MovesCheck;
import dev.gretchen.verifier.check.OneWriterCheck;
import dev.gretchen.verifier.check.RebalancesCheck;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.truth.LogRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;

/// What can be wrong with who owns what: by the lineage of all that was written, and by what
/// workers told the audit topic.
///
/// What workers told is only added to, amid a [Calm], and leaves everybody with what he had.
final class OwnershipForgeries {

  /// A worker that nobody else knows, so that no fault excuses it.
  private static final String NEWCOMER = "newcomer";

  private record Place(String topic, LogRecord record, Lineage lineage) {}

  private OwnershipForgeries() {}

  /// A replaced worker wrote where its successor had not written yet: no log's order shows it.
  static Forgery zombieElsewhere(Recording run) {
    String source = run.app().input();
    Map<Integer, NavigableMap<Long, List<Place>>> firsts = new TreeMap<>();
    Map<String, Long> epochs = new TreeMap<>();
    for (Stream stream : run.app().streams()) {
      if (stream.source().equals(source)) {
        for (int p = 0; p < run.log(stream.topic()).partitions(); p++) {
          firsts(run, stream, p, firsts, epochs);
        }
      }
    }
    for (NavigableMap<Long, List<Place>> generations : firsts.values()) {
      Map.Entry<Long, List<Place>> young = generations.lastEntry();
      Map.Entry<Long, List<Place>> old = generations.lowerEntry(young.getKey());
      List<Place> begun = new ArrayList<>(young.getValue());
      begun.sort((a, b) -> Long.compare(a.lineage().first(), b.lineage().first()));
      if (old != null && begun.getLast().lineage().first() > begun.getFirst().lineage().first()) {
        Lineage zombie = old.getValue().getFirst().lineage();
        long epoch = epochs.getOrDefault(tenure(zombie), zombie.epoch()) + 1;
        return zombie(source, begun.getLast(), begun.getFirst(), zombie, epoch);
      }
    }
    throw new NoSuchElementException("no partition changed its owner");
  }

  /// The first record of each generation in a log's partition, by source partition; and the highest
  /// epoch of each worker in each generation.
  private static void firsts(
      Recording run,
      Stream stream,
      int partition,
      Map<Integer, NavigableMap<Long, List<Place>>> firsts,
      Map<String, Long> epochs) {
    Map<String, Place> seen = new TreeMap<>();
    for (Iterator<LogRecord> records = run.log(stream.topic()).records(partition);
        records.hasNext(); ) {
      LogRecord record = records.next();
      Lineage l = Lineage.decode(record.lineage());
      if (l == null || !l.topic().equals(stream.source())) {
        continue;
      }
      epochs.merge(tenure(l), l.epoch(), Math::max);
      Place place = new Place(stream.topic(), record, l);
      if (seen.putIfAbsent(l.partition() + " " + l.generation(), place) == null) {
        firsts
            .computeIfAbsent(l.partition(), _ -> new TreeMap<>())
            .computeIfAbsent(l.generation(), _ -> new ArrayList<>())
            .add(place);
      }
    }
  }

  private static String tenure(Lineage lineage) {
    return lineage.worker() + " " + lineage.generation();
  }

  /// @param epoch of a transaction that none of its worker's had, so that it tears none of them
  private static Forgery zombie(
      String source, Place place, Place successor, Lineage zombie, long epoch) {
    Lineage l = place.lineage();
    Lineage lie =
        new Lineage(
            source,
            l.partition(),
            l.first(),
            l.last(),
            zombie.worker(),
            zombie.generation(),
            epoch);
    String where = Witness.at(place.topic(), place.record());
    return Forgery.of(
        where + " is by " + lie.sender() + ", whose successor had begun elsewhere",
        Expected.fail(
            OneWriterCheck.name(source),
            Set.of("zombie-effect"),
            where + " by " + lie.sender(),
            source + "-" + l.partition() + " up to offset " + l.last(),
            successor.lineage().sender()
                + " had from offset "
                + successor.lineage().first()
                + " on"),
        new InLog(
            place.topic(),
            place.record().partition(),
            changed(r -> r.offset() == place.record().offset(), r -> withLineage(r, lie))));
  }

  /// A task is given to a newcomer half a second before its owner gives it up.
  static Forgery assignedTwice(Recording run) {
    Calm calm = Calm.of(run);
    long next = calm.generation() + 1;
    AuditEntries entries = new AuditEntries(calm);
    entries.worker(0, NEWCOMER, "started");
    entries.task(0, NEWCOMER, "assigned", next);
    entries.task(500, calm.owner(), "revoked", calm.generation());
    comesBack(entries, calm, 1_000, next);
    return Forgery.of(
        calm.task() + " is assigned to a newcomer while " + calm.owner() + " still has it",
        Expected.fail(
                DisjointOwnershipCheck.NAME,
                Set.of("two-owners"),
                calm.task() + " was assigned to " + NEWCOMER + " in generation " + next,
                calm.owner() + " had it since generation " + calm.generation(),
                "500 ms")
            .butNothingElse(),
        entries.behindAll(run));
  }

  /// A task goes to another worker and back, and once more, and nothing has happened.
  static Forgery movedToAndFro(Recording run) {
    Calm calm = Calm.of(run);
    String other = calm.other().orElse(NEWCOMER);
    AuditEntries entries = new AuditEntries(calm);
    long generation = calm.generation();
    for (int i = 0; i < 4; i++) {
      entries.task(100L * i, i % 2 == 0 ? calm.owner() : other, "revoked", generation++);
      entries.task(100L * i + 10, i % 2 == 0 ? other : calm.owner(), "assigned", generation);
    }
    long third = generation - 1;
    return Forgery.of(
        calm.task() + " goes from " + calm.owner() + " to " + other + " and back, twice",
        Expected.fail(
                MovesCheck.NAME,
                Set.of("moved-without-cause", "moved-again"),
                calm.task()
                    + " moved from "
                    + calm.owner()
                    + " to "
                    + other
                    + " in generation "
                    + third)
            .butNothingElse(),
        entries.behindAll(run));
  }

  /// From a calm moment on, all that is written is of a generation far beyond: the group has met
  /// again and again, and moved nothing.
  static Forgery rebalancesForNothing(Recording run) {
    Calm calm = Calm.of(run);
    String topic = run.app().streams().getFirst().topic();
    long more = 2L * RebalancesCheck.REBALANCES_MAX;
    List<Change> changes = new ArrayList<>();
    for (int p = 0; p < run.log(topic).partitions(); p++) {
      changes.add(
          new InLog(
              topic,
              p,
              changed(record -> record.observedAt() >= calm.at(), record -> later(record, more))));
    }
    return new Forgery(
        topic + " is of " + more + " generations later in the midst of the longest calm",
        Expected.fail(
            RebalancesCheck.NAME,
            Set.of("rebalanced-again", "rebalanced-without-cause"),
            "The group rebalanced to generation",
            topic),
        changes);
  }

  private static LogRecord later(LogRecord record, long generations) {
    Lineage l = Lineage.decode(record.lineage());
    return l == null
        ? record
        : withLineage(
            record,
            new Lineage(
                l.topic(),
                l.partition(),
                l.first(),
                l.last(),
                l.worker(),
                l.generation() + generations,
                l.epoch()));
  }

  /// A newcomer takes a task over, leaves in order, and has to recover when it comes back.
  static Forgery recoversItsOwn(Recording run) {
    Calm calm = Calm.of(run);
    long next = calm.generation() + 1;
    AuditEntries entries = new AuditEntries(calm);
    entries.worker(0, NEWCOMER, "started");
    entries.task(0, calm.owner(), "revoked", calm.generation());
    entries.task(10, NEWCOMER, "assigned", next);
    entries.recovered(20, NEWCOMER, next, 120);
    entries.worker(300, NEWCOMER, "stopping");
    entries.task(310, NEWCOMER, "revoked", next);
    entries.worker(500, NEWCOMER, "started");
    entries.task(510, NEWCOMER, "assigned", next + 1);
    entries.recovered(520, NEWCOMER, next + 1, 7);
    comesBack(entries, calm, 1_000, next + 1);
    return Forgery.of(
        "a newcomer leaves in order, comes back to " + calm.task() + " and recovers 7 records",
        Expected.fail(
                CleanRestartCheck.NAME,
                Set.of("recovered-records"),
                NEWCOMER + " left in order",
                "after 220 ms",
                "7 records of " + calm.task())
            .butNothingElse(),
        entries.behindAll(run));
  }

  /// The newcomer leaves, and the task is again where it was.
  private static void comesBack(AuditEntries entries, Calm calm, long after, long generation) {
    entries.worker(after, NEWCOMER, "stopping");
    entries.task(after + 10, NEWCOMER, "revoked", generation);
    entries.task(after + 20, calm.owner(), "assigned", generation + 1);
    entries.recovered(after + 30, calm.owner(), generation + 1, 0);
  }
}
