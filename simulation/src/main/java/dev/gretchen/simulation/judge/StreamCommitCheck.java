package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.check.Findings;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.AppliedOffsets;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.StreamKind;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// `atomic` of a stream: an event's output is visible just when the offset behind the event is
/// committed, by the lineage of what was written.
///
/// **Transactions.** Where outputs are sent in transactions, each must share one with the offset
/// behind its event, by epoch and by producer, and with nothing that another worker or epoch sent
/// (`uncommitted`, `torn`, `outside-transaction`).
///
/// **Effects.** Each event that is committed has its output (`torn` where it has none), and has it
/// once (`doubled`). Where repetitions are allowed, a repetition must be that of an *earlier*
/// attempt: once the offset behind an event was committed, nobody starts in front of it any more,
/// so an output of a later generation, or of a later epoch of the same worker, repeats what was
/// done for good (`unexplained-duplicate`).
///
/// **Values.** Where repetitions are allowed, the verifier's checkers do not look at the tallies of
/// updates; but tables are exact even then, so each attempt at an event must have published the
/// same one: the tally of its key's events up to this one (`wrong-value`).
///
/// Kinds also: `no-lineage`, `wrong-lineage`.
final class StreamCommitCheck {

  private final Scene scene;
  private final Stream stream;
  private final SimLog source;
  private final SimLog log;
  private final boolean transactional;
  private final boolean once;
  private final Tallies tallies;
  private final int[][] outputs;
  private final Findings findings = new Findings();

  private StreamCommitCheck(Scene scene, Stream stream) {
    this.scene = scene;
    this.stream = stream;
    this.source = scene.history().log(stream.source());
    this.log = scene.history().log(stream.topic());
    this.transactional = scene.run().guarantee() == Guarantee.EXACTLY_ONCE;
    this.once = scene.streamsAs() == Guarantee.EXACTLY_ONCE;
    this.tallies =
        !once && stream.kind() == StreamKind.COUNT_UPDATES ? Tallies.of(source) : Tallies.none();
    this.outputs = new int[source.partitions()][];
    for (int p = 0; p < outputs.length; p++) {
      outputs[p] = new int[source.partition(p).length];
    }
  }

  static Property check(Scene scene, Stream stream) {
    StreamCommitCheck check = new StreamCommitCheck(scene, stream);
    for (int p = 0; p < check.log.partitions(); p++) {
      for (Seen seen : check.log.partition(p)) {
        check.observe(seen);
      }
    }
    boolean repeated = false;
    for (int p = 0; check.log.isComplete() && p < check.source.partitions(); p++) {
      repeated |= check.effects(p);
    }
    if (repeated) {
      check.repetitions();
    }
    return check.findings.property(
        name(stream),
        Section.SAFETY,
        "The events of "
            + stream.source()
            + " have their records in "
            + stream.topic()
            + " just where the offsets behind them are committed.");
  }

  static String name(Stream stream) {
    return "atomic:" + stream.topic();
  }

  private void observe(Seen seen) {
    findings.compared();
    Lineage lineage = seen.lineage();
    if (lineage == null) {
      add("no-lineage", seen, () -> "does not say which event it comes from");
      return;
    }
    CommitLine line =
        lineage.topic().equals(stream.source())
            ? scene.line(lineage.topic(), lineage.partition())
            : null;
    int index = line == null ? -1 : source.indexOf(lineage.partition(), lineage.first());
    if (line == null || index < 0) {
      add("wrong-lineage", seen, () -> "says that it comes from where no event is");
      return;
    }
    LogRecord event = source.partition(lineage.partition())[index].record();
    if (event.hasId() != seen.record().hasId() || event.id() != seen.record().id()) {
      add(
          "wrong-lineage",
          seen,
          () -> "is not of the event that it says, " + scene.witness().event(event));
      return;
    }
    outputs[lineage.partition()][index]++;
    Tally right = tallies.at(lineage.partition(), index);
    byte[] value = seen.record().value();
    if (right != null && (value == null || !right.equals(TallyJson.decode(value)))) {
      add("wrong-value", seen, () -> "should say " + right + ", the tally after its event");
    }
    if (transactional) {
      Scene.Torn torn = scene.torn(seen, lineage, line, line.find(lineage.first()));
      if (torn != null) {
        add(torn.kind(), seen, torn::what);
      }
    }
  }

  /// Holds the number of each event's outputs against the offset; whether some event has several.
  private boolean effects(int p) {
    CommitLine line = scene.line(stream.source(), p);
    Seen[] events = source.partition(p);
    boolean several = false;
    for (int i = 0; line != null && i < events.length; i++) {
      Seen event = events[i];
      if (!hasOutput(event.record())) {
        continue;
      }
      findings.compared();
      int count = outputs[p][i];
      several |= count > 1;
      if (count == 0 && line.find(event.offset()) >= 0) {
        lost(event, line);
      }
    }
    return several;
  }

  private boolean hasOutput(LogRecord event) {
    if (!event.hasId()) {
      return false;
    }
    return stream.kind() == StreamKind.FILTERED
        ? scene.run().plan().indexOf(event.id()) >= 0 && scene.run().plan().isColor(event.id())
        : event.key() != null;
  }

  private void lost(Seen event, CommitLine line) {
    findings.add(() -> {
      int commit = line.find(event.offset());
      return new Anomaly(
          "torn",
          key(event)
              + ": "
              + scene.witness().event(event.record())
              + " at "
              + source.at(event)
              + " has nothing in "
              + stream.topic()
              + ", though the offset behind it was committed, "
              + line.describe(commit)
              + scene.witness().after(SimHistory.millis(line.nanos(commit)))
              + ".",
          List.of(scene.witness().exhibit(source.topic(), event.record(), "has no output")),
          SimHistory.millis(line.nanos(commit)));
    });
  }

  /// The events with several outputs, in the order of their log.
  private void repetitions() {
    Map<Seen, List<Seen>> copies = new HashMap<>();
    for (int p = 0; p < log.partitions(); p++) {
      for (Seen seen : log.partition(p)) {
        Lineage lineage = seen.lineage();
        Seen event =
            lineage == null || !lineage.topic().equals(stream.source())
                ? null
                : source.find(lineage.partition(), lineage.first());
        if (event != null && event.record().id() == seen.record().id()) {
          copies.computeIfAbsent(event, _ -> new ArrayList<>(1)).add(seen);
        }
      }
    }
    for (int p = 0; p < source.partitions(); p++) {
      for (Seen event : source.partition(p)) {
        List<Seen> all = copies.getOrDefault(event, List.of());
        if (all.size() > 1 && once) {
          all.subList(1, all.size()).forEach(copy -> doubled(copy, all.getFirst()));
        } else if (all.size() > 1) {
          explain(event, all);
        }
      }
    }
  }

  private void doubled(Seen copy, Seen first) {
    boolean excusable = scene.run().judgeAs() == Guarantee.AT_LEAST_ONCE;
    add(
        excusable ? "unexplained-duplicate" : "doubled",
        copy,
        () ->
            "repeats "
                + log.at(first)
                + (excusable ? ", and nothing happened that excuses it" : " of the same event"));
  }

  private void explain(Seen event, List<Seen> copies) {
    CommitLine line = scene.line(stream.source(), event.record().partition());
    int commit = line == null ? -1 : line.find(event.offset());
    if (line == null || commit < 0 || line.epoch(commit) == AppliedOffsets.NO_EPOCH) {
      return;
    }
    Lineage last = null;
    for (Seen copy : copies) {
      Lineage lineage = copy.lineage();
      if (lineage != null
          && lineage.epoch() == line.epoch(commit)
          && (last == null || lineage.generation() > last.generation())) {
        last = lineage;
      }
    }
    Lineage committed = last;
    if (committed == null) {
      add(
          "torn",
          copies.getFirst(),
          () -> "was not written in the epoch that committed its event, " + line.describe(commit));
      return;
    }
    for (Seen copy : copies) {
      Lineage lineage = copy.lineage();
      if (lineage != null && isLater(lineage, committed)) {
        add(
            "unexplained-duplicate",
            copy,
            () ->
                "repeats an event that was done for good: "
                    + committed.sender()
                    + " had committed "
                    + line.describe(commit));
      }
    }
  }

  private static boolean isLater(Lineage lineage, Lineage committed) {
    return lineage.generation() > committed.generation()
        || (lineage.generation() == committed.generation()
            && lineage.worker().equals(committed.worker())
            && lineage.epoch() > committed.epoch());
  }

  private static String key(Seen seen) {
    return "Key " + Witness.text(seen.record().key());
  }

  private void add(String kind, Seen seen, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            key(seen)
                + ": "
                + log.at(seen)
                + Witness.by(seen.record())
                + ", of "
                + scene.witness().event(seen.record())
                + ", "
                + what.get()
                + scene.witness().after(seen.record().observedAt())
                + ".",
            List.of(scene.witness().exhibit(log.topic(), seen.record(), kind)),
            seen.record().observedAt()));
  }
}
