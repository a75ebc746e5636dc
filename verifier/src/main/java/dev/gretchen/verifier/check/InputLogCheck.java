package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.load.LoadEvent;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.AckedEvents;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `platform-log`: does the committed input log hold what Kafka acknowledged, and nothing else?
///
/// Acknowledgements of one partition come in the order of its log, so both are walked in lock-step
/// and joined by offset; memory is that of the exceptions (refused and unknown events) alone.
///
/// | said | in the log | judgement |
/// |---|---|---|
/// | acked | at that offset | right |
/// | acked | not there | `lost-by-kafka` |
/// | acked | elsewhere, or twice | `doubled-by-kafka` |
/// | failed | there | `failed-but-present` |
/// | unknown | there or not | the log decides; no anomaly |
///
/// Every record with an id must be that event of the load, byte for byte (`phantom`,
/// `wrong-value`), and the load's order must be the log's (`out-of-order`). Without a barrier
/// behind the load an unknown event that is not in the log may still come; then the property is
/// UNKNOWN.
public final class InputLogCheck {

  private final Witness witness;
  private final LoadPlan plan;
  private final PartitionedLog input;
  private final AckedEvents acked;
  private final Findings findings = new Findings();
  private final Map<Long, Ack.Status> exceptions = new HashMap<>();
  private long events;
  private long colors;
  private long unknownAbsent;

  private InputLogCheck(Witness witness, PartitionedLog input, AckedEvents acked) {
    this.witness = witness;
    this.plan = witness.plan();
    this.input = input;
    this.acked = acked;
  }

  /// What the input log holds, and the judgement of it.
  ///
  /// @param events how many events of the load
  /// @param colors how many of them are colours
  public record Result(Property property, long events, long colors) {}

  /// Judges the input log.
  ///
  /// @param barrier whether a barrier stood behind the load, so that nothing is in doubt
  public static Result check(
      Witness witness, PartitionedLog input, AckedEvents acked, boolean barrier) {
    InputLogCheck check = new InputLogCheck(witness, input, acked);
    for (int p = 0; p < input.partitions(); p++) {
      check.partition(p);
    }
    String name = "platform-log:" + input.topic();
    Property property =
        check.findings.property(
            name,
            Section.PLATFORM,
            "The committed log of "
                + input.topic()
                + " holds every acknowledged event once, at its offset, and nothing else.");
    if (!barrier && check.unknownAbsent > 0 && check.findings.count() == 0) {
      property =
          Property.unknown(
              name,
              Section.PLATFORM,
              check.events,
              check.unknownAbsent
                  + " events of unknown fate are not in the log, and no barrier shows that they"
                  + " cannot come any more.");
    }
    return new Result(property, check.events, check.colors);
  }

  private void partition(int p) {
    exceptions.clear();
    for (Iterator<Ack> acks = acked.acks(p); acks.hasNext(); ) {
      Ack ack = acks.next();
      if (ack.status() != Ack.Status.ACKED) {
        exceptions.put(ack.index(), ack.status());
      }
    }
    Iterator<Ack> acks = acked.acks(p);
    Ack head = nextAcked(acks);
    long last = -1;
    for (Iterator<LogRecord> records = input.records(p); records.hasNext(); ) {
      LogRecord record = records.next();
      while (head != null && head.offset() < record.offset()) {
        lost(head, p);
        head = nextAcked(acks);
      }
      Ack ack = head != null && head.offset() == record.offset() ? head : null;
      if (ack != null) {
        head = nextAcked(acks);
      }
      if (record.hasId()) {
        last = event(record, ack, last);
      } else if (ack != null) {
        lost(ack, p);
      }
    }
    while (head != null) {
      lost(head, p);
      head = nextAcked(acks);
    }
    unknownAbsent += exceptions.values().stream().filter(s -> s == Ack.Status.UNKNOWN).count();
  }

  private long event(LogRecord record, @Nullable Ack ack, long last) {
    findings.compared();
    long index = plan.indexOf(record.id());
    if (index < 0) {
      add(
          "phantom",
          record,
          () -> "holds id " + Hex16.of(record.id()) + ", which is of no event of the load");
      return last;
    }
    events++;
    if (plan.isColor(record.id())) {
      colors++;
    }
    LoadEvent event = plan.event(index);
    if (event.partition() != record.partition()
        || event.timestamp() != record.timestamp()
        || !Arrays.equals(event.key(), record.key())
        || !Arrays.equals(event.value(), record.value())) {
      add(
          "wrong-value",
          record,
          () -> "differs from what was sent as " + witness.event(record.id()));
    }
    if (index <= last) {
      String kind = index == last ? "doubled-by-kafka" : "out-of-order";
      add(kind, record, () -> "holds " + witness.event(record.id()) + " after event #" + last);
    }
    if (ack == null) {
      unacked(record, index);
    } else if (ack.index() != index) {
      lost(ack, record.partition());
    }
    return Math.max(last, index);
  }

  private void unacked(LogRecord record, long index) {
    Ack.Status status = exceptions.remove(index);
    if (status == Ack.Status.FAILED) {
      add(
          "failed-but-present",
          record,
          () -> "holds " + witness.event(record.id()) + ", whose sending failed for certain");
    }
  }

  private void lost(Ack ack, int partition) {
    String where = input.topic() + "-" + partition + "@" + ack.offset();
    findings.add(() ->
        new Anomaly(
            "lost-by-kafka",
            "Kafka acknowledged "
                + witness.event(plan.id(ack.index()))
                + " at "
                + where
                + ", but the committed log holds it nowhere or elsewhere.",
            List.of(new Anomaly.Exhibit(where, "acknowledged", "not in the log"))));
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            Witness.at(input.topic(), record) + " " + what.get() + ".",
            List.of(witness.exhibit(input.topic(), record, kind)),
            record.observedAt()));
  }

  private static @Nullable Ack nextAcked(Iterator<Ack> acks) {
    while (acks.hasNext()) {
      Ack ack = acks.next();
      if (ack.status() == Ack.Status.ACKED) {
        return ack;
      }
    }
    return null;
  }
}
