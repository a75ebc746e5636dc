package dev.gretchen.verifier.calibrate;

import static dev.gretchen.verifier.calibrate.Records.changed;
import static dev.gretchen.verifier.calibrate.Records.withLineage;

import dev.gretchen.verifier.calibrate.Change.InFacts;
import dev.gretchen.verifier.calibrate.Change.InFault;
import dev.gretchen.verifier.calibrate.Change.InLog;
import dev.gretchen.verifier.calibrate.Change.InOffsets;
import dev.gretchen.verifier.check.HarnessChecks;
import dev.gretchen.verifier.check.ProgressCheck;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.history.JsonLines;
import dev.gretchen.verifier.judge.RunFacts;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.verdict.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/// What can be wrong with the course of a run: offsets, generations, silence, and whether the run
/// was worth anything.
final class CourseForgeries {

  private CourseForgeries() {}

  static Forgery offsetBehind(Recording run) {
    OffsetSample last = lastSample(run);
    LogRecord end = run.last(last.topic(), last.partition(), _ -> true);
    return sample(
        last,
        "at the end, the committed offset leaves out the log's last record",
        "behind",
        end.offset());
  }

  static Forgery offsetBeyondEnd(Recording run) {
    OffsetSample last = lastSample(run);
    return sample(
        last,
        "at the end, the committed offset lies behind the log's end",
        "beyond",
        last.end() + 10);
  }

  static Forgery offsetWentBack(Recording run) {
    OffsetSample before = null;
    for (OffsetSample sample : samples(run)) {
      if (before != null && before.committed() > 10 && !sample.last()) {
        return sample(
            sample,
            "the committed offset is 7 less than the one before",
            "went-back",
            before.committed() - 7);
      }
      before = sample;
    }
    throw new NoSuchElementException("no two offsets were read before the end");
  }

  /// An offset is committed before the last event of its transaction is.
  static Forgery halfCommitted(Recording run) {
    String source = run.app().input();
    String topic = run.app().streams().getFirst().topic();
    int partition = run.busiest(source);
    Map<String, long[]> spans = new HashMap<>();
    for (int p = 0; p < run.log(topic).partitions(); p++) {
      for (Iterator<LogRecord> records = run.log(topic).records(p); records.hasNext(); ) {
        Lineage l = Lineage.decode(records.next().lineage());
        if (l != null && l.topic().equals(source) && l.partition() == partition) {
          spans.merge(
              l.sender(),
              new long[] {l.first(), l.last()},
              (a, b) -> new long[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])});
        }
      }
    }
    long before = -1;
    for (OffsetSample sample : samples(run)) {
      long last = sample.committed() - 1;
      boolean isEnd = spans.values().stream().anyMatch(span -> span[0] < last && span[1] == last);
      if (isEnd && before < last && !sample.last()) {
        OffsetSample lie = with(sample, last);
        String where = source + "-" + partition;
        return Forgery.of(
            where + ": the offset is committed before the last event of its transaction",
            Expected.fail("atomic:" + source, Set.of("half-committed"), where, Long.toString(last))
                .butNothingElse(),
            new InOffsets(s -> s.equals(sample) ? lie : s));
      }
      before = sample.committed();
    }
    throw new NoSuchElementException("no offset was read that ends a transaction's outputs");
  }

  private static OffsetSample with(OffsetSample old, long committed) {
    return new OffsetSample(
        old.at(), old.topic(), old.partition(), committed, old.end(), old.stableEnd(), old.last());
  }

  static Forgery generationWentBack(Recording run) {
    String topic = run.app().streams().getFirst().topic();
    LogRecord last = lastWithLineage(run, topic, run.busiest(topic));
    return lineage(
        topic,
        last,
        " is of the generation before its worker's",
        l -> of(l, l.worker(), l.generation() - 1, l.epoch()),
        "zombie-write");
  }

  /// A worker whose partition was taken over writes once more.
  static Forgery zombieWrites(Recording run) {
    String topic = run.app().tables().getFirst().changelog();
    for (int p = 0; p < run.log(topic).partitions(); p++) {
      List<Lineage> writers = new ArrayList<>();
      for (Iterator<LogRecord> records = run.log(topic).records(p); records.hasNext(); ) {
        Lineage lineage = Lineage.decode(records.next().lineage());
        if (lineage != null
            && (writers.isEmpty() || !writers.getLast().worker().equals(lineage.worker()))) {
          writers.add(lineage);
        }
      }
      if (writers.size() > 1) {
        Lineage zombie = writers.get(writers.size() - 2);
        return lineage(
            topic,
            lastWithLineage(run, topic, p),
            " is by " + zombie.sender() + ", whose successor had written before",
            l -> of(l, zombie.worker(), zombie.generation(), zombie.epoch()),
            "zombie-write");
      }
    }
    throw new NoSuchElementException("no partition changed its owner");
  }

  static Forgery epochWentBack(Recording run) {
    String topic = run.lastSteadyStream().topic();
    LogRecord last = lastWithLineage(run, topic, run.busiest(topic));
    return lineage(
        topic,
        last,
        " is of the first transaction of its worker",
        l -> of(l, l.worker(), l.generation(), 0),
        "epoch-went-back");
  }

  /// Two workers write for one partition in one generation.
  static Forgery twoWriters(Recording run) {
    String topic = run.app().streams().getFirst().topic();
    LogRecord last = lastWithLineage(run, topic, run.busiest(topic));
    return lineage(
        topic,
        last,
        " is by another worker of the same generation",
        l -> of(l, l.worker() + "-double", l.generation(), l.epoch()),
        "two-writers");
  }

  static Forgery partitionStalls(Recording run) {
    String topic = run.app().streams().getFirst().topic();
    LogRecord from = run.middle(topic, LogRecord::hasId);
    long silence = ProgressCheck.SILENCE_MAX.toMillis() + 30_000;
    return Forgery.of(
        topic + "-" + from.partition() + " is silent for two minutes, and goes on after that",
        Expected.fail(
            "progress:" + topic,
            Set.of("stalled"),
            topic + "-" + from.partition(),
            run.event(from.id())),
        new InLog(
            topic,
            from.partition(),
            changed(r -> r.offset() >= from.offset(), r -> Records.later(r, silence))));
  }

  static Forgery neverDrained(Recording run) {
    return Forgery.of(
        "the app never caught up after the load",
        Expected.fail("drain", Set.of("never-drained"), "did not catch up"),
        new InFacts("drainedAt", 0L));
  }

  static Forgery slowDrain(Recording run) {
    long took = HarnessChecks.DRAIN_MAX.toMillis() + 5_000;
    return Forgery.of(
        "the app took longer than it may to catch up after the load",
        Expected.fail("drain", Set.of("slow-drain"), took + " ms"),
        new InFacts("drainedAt", RunFacts.read(run.run()).loadEnd() + took));
  }

  static Forgery faultWithoutEffect(Recording run) {
    int number = 0;
    for (Iterator<FaultLine> lines = JsonLines.read(run.run().faults(), FaultLine.class);
        lines.hasNext();
        number++) {
      FaultLine line = lines.next();
      if (line.skipped() == null && line.proven()) {
        return Forgery.of(
            "the " + line.kind() + " of " + line.target() + " had no effect",
            Expected.ends("faults-proven", Status.VACUOUS, line.kind(), line.target()),
            new InFault(
                number, Map.of("proven", false, "sigkills", 0, "proof", "nothing happened")));
      }
    }
    throw new NoSuchElementException("no fault was injected");
  }

  static Forgery loadNotOffered(Recording run) {
    RunFacts facts = RunFacts.read(run.run());
    return Forgery.of(
        "the load took twice as long as planned",
        Expected.ends("load-offered", Status.UNKNOWN, "planned events"),
        new InFacts("loadEnd", facts.loadEnd() + facts.lengthMillis()));
  }

  private static List<OffsetSample> samples(Recording run) {
    String topic = run.app().input();
    int partition = run.busiest(topic);
    return run.offsets(s -> s.topic().equals(topic) && s.partition() == partition);
  }

  private static OffsetSample lastSample(Recording run) {
    return samples(run).stream().filter(OffsetSample::last).findFirst().orElseThrow();
  }

  private static Forgery sample(OffsetSample old, String what, String kind, long committed) {
    OffsetSample lie = with(old, committed);
    String where = old.topic() + "-" + old.partition();
    return Forgery.of(
        where + ": " + what,
        Expected.fail("offsets:" + old.topic(), Set.of(kind), where, Long.toString(committed)),
        new InOffsets(sample -> sample.equals(old) ? lie : sample));
  }

  private static LogRecord lastWithLineage(Recording run, String topic, int partition) {
    LogRecord last = run.last(topic, partition, record -> Lineage.decode(record.lineage()) != null);
    Lineage lineage = Objects.requireNonNull(Lineage.decode(last.lineage()));
    // it must follow another one of the same writer, or nothing can be told from it
    run.beforeNext(
        topic,
        partition,
        (record, _) -> {
          Lineage other = Lineage.decode(record.lineage());
          return other != null
              && other.topic().equals(lineage.topic())
              && other.partition() == lineage.partition()
              && other.generation() == lineage.generation()
              && record.offset() < last.offset();
        });
    return last;
  }

  private static Lineage of(Lineage l, String worker, long generation, long epoch) {
    return new Lineage(l.topic(), l.partition(), l.first(), l.last(), worker, generation, epoch);
  }

  private static Forgery lineage(
      String topic, LogRecord record, String what, UnaryOperator<Lineage> change, String kind) {
    Lineage lie = change.apply(Objects.requireNonNull(Lineage.decode(record.lineage())));
    return Forgery.of(
        Witness.at(topic, record) + what,
        Expected.fail(
            "generation-order:" + topic,
            Set.of(kind),
            Witness.at(topic, record),
            lie.worker() + " (generation " + lie.generation()),
        new InLog(
            topic,
            record.partition(),
            changed(r -> r.offset() == record.offset(), r -> withLineage(r, lie))));
  }
}
