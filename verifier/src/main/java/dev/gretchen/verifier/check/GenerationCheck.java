package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `generation-order`: one effective writer for each source partition at a time, by the lineage of
/// what was written.
///
/// Within one partition of a log, among the records of one source partition, the generation never
/// falls (`zombie-write`): a fallen one means that a worker wrote after its successor had; and one
/// generation has one writer (`two-writers`). Among the records of one worker in one generation,
/// the epoch of its transactions never falls (`epoch-went-back`). Different source partitions are
/// not compared: workers learn of a new generation at different moments.
public final class GenerationCheck {

  private record Writer(InputTask task, String worker, long generation) {}

  private record Last(Lineage lineage, LogRecord record) {}

  private final Witness witness;
  private final PartitionedLog log;
  private final Findings findings = new Findings();
  private final Map<InputTask, Last> generations = new HashMap<>();
  private final Map<Writer, Long> epochs = new HashMap<>();
  private @Nullable Lineage previous;

  private GenerationCheck(Witness witness, PartitionedLog log) {
    this.witness = witness;
    this.log = log;
  }

  /// Judges a stream or a changelog.
  public static Property check(Witness witness, PartitionedLog log) {
    GenerationCheck check = new GenerationCheck(witness, log);
    for (int p = 0; p < log.partitions(); p++) {
      check.generations.clear();
      check.epochs.clear();
      for (Iterator<LogRecord> records = log.records(p); records.hasNext(); ) {
        check.observe(records.next());
      }
    }
    String name = "generation-order:" + log.topic();
    if (check.findings.property(name, Section.SAFETY, "").compared() == 0) {
      return Property.skipped(name, Section.SAFETY, "the records carry no lineage");
    }
    return check.findings.property(
        name, Section.SAFETY, "No worker wrote to " + log.topic() + " after its successor had.");
  }

  private void observe(LogRecord record) {
    Lineage lineage = Lineage.decode(record.lineage(), previous);
    if (lineage == null) {
      return;
    }
    previous = lineage;
    findings.compared();
    InputTask task = new InputTask(lineage.topic(), lineage.partition());
    Last last = generations.get(task);
    if (last != null && lineage.generation() < last.lineage().generation()) {
      findings.add(() ->
          new Anomaly(
              "zombie-write",
              at(record)
                  + " was written by "
                  + lineage.sender()
                  + " after "
                  + last.lineage().sender()
                  + " had written "
                  + at(last.record())
                  + " for the same source partition"
                  + witness.after(record.observedAt())
                  + ".",
              List.of(
                  witness.exhibit(log.topic(), last.record(), "the successor's"),
                  witness.exhibit(log.topic(), record, "the zombie's")),
              record.observedAt()));
    } else {
      if (last != null
          && lineage.generation() == last.lineage().generation()
          && !lineage.worker().equals(last.lineage().worker())) {
        twoWriters(last, lineage, record);
      }
      generations.put(task, new Last(lineage, record));
    }
    if (last != null && sameTransaction(last.lineage(), lineage)) {
      return;
    }
    Writer writer = new Writer(task, lineage.worker(), lineage.generation());
    Long epoch = epochs.put(writer, lineage.epoch());
    if (epoch != null && lineage.epoch() < epoch) {
      findings.add(() ->
          new Anomaly(
              "epoch-went-back",
              at(record) + " by " + lineage.sender() + " follows one of epoch " + epoch + ".",
              List.of(witness.exhibit(log.topic(), record, "older epoch")),
              record.observedAt()));
    }
  }

  private void twoWriters(Last last, Lineage lineage, LogRecord record) {
    findings.add(() ->
        new Anomaly(
            "two-writers",
            at(record)
                + " was written by "
                + lineage.sender()
                + " for the source partition that "
                + last.lineage().sender()
                + " had in the same generation when it wrote "
                + at(last.record())
                + witness.after(record.observedAt())
                + ".",
            List.of(
                witness.exhibit(log.topic(), last.record(), "one worker's"),
                witness.exhibit(log.topic(), record, "another's")),
            record.observedAt()));
  }

  private static boolean sameTransaction(Lineage a, Lineage b) {
    return a.epoch() == b.epoch()
        && a.generation() == b.generation()
        && a.worker().equals(b.worker());
  }

  private String at(LogRecord record) {
    return Witness.at(log.topic(), record);
  }
}
