package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TimedTally;
import dev.gretchen.verifier.truth.ExpiringFold;
import dev.gretchen.verifier.truth.ExpiringFold.Life;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `expiring` of a table whose keys expire: every value that its changelog ever shows is the one
/// that its key had after some event, in their order; a key is deleted only when its time was over,
/// and what was over for long is gone at the end, while what was not is there.
///
/// A key that is over has no value for whoever asks, whether or not it is still stored: the next
/// event begins with an empty tally. An app that forgets to look at that, on a worker that has just
/// taken over for instance, shows a tally that goes on (`expiry-forgotten`). When it deletes what
/// is over is its own affair for another lifetime, which begins when the transaction after the
/// value's own was done: what comes in one burst is not stored yet while its time goes by.
///
/// Memory is a state for each event of one partition.
///
/// Kinds: `expiry-forgotten`, `wrong-value`, `wrong-key`, `went-back`, `deleted`, `missing`,
/// `phantom`, `kept`.
public final class ExpiringCheck {

  private final Witness witness;
  private final PartitionedLog changelog;
  private final long lifetime;
  private final Findings findings = new Findings();

  private ExpiringCheck(Witness witness, PartitionedLog changelog, long lifetime) {
    this.witness = witness;
    this.changelog = changelog;
    this.lifetime = lifetime;
  }

  /// Judges a changelog by its source.
  ///
  /// @param unwritten how long a key lives without an event
  public static Property check(
      Witness witness,
      String table,
      PartitionedLog source,
      Duration unwritten,
      PartitionedLog changelog) {
    ExpiringCheck check = new ExpiringCheck(witness, changelog, unwritten.toMillis());
    for (int p = 0; p < Math.min(source.partitions(), changelog.partitions()); p++) {
      check.new Partition(ExpiringFold.of(source.records(p), unwritten.toMillis())).judge(p);
    }
    return check.findings.property(
        "expiring:" + table,
        Section.SAFETY,
        "Every value in "
            + changelog.topic()
            + " is its key's since it last had none, and what has expired is gone.");
  }

  /// Where a key stands on the way through the changelog.
  private static final class Shown {
    /// The event after which the key had the value shown last.
    private int event = -1;

    /// In which transaction that was.
    private int transaction;

    private @Nullable TimedTally value;
    private @Nullable LogRecord record;
  }

  /// What is known of one partition.
  private final class Partition {
    private final ExpiringFold fold;
    private final Map<ByteBuffer, Shown> shown = new HashMap<>();

    /// Stream time as each transaction shows it.
    private final List<Long> times = new ArrayList<>();

    private @Nullable Lineage previous;

    Partition(ExpiringFold fold) {
      this.fold = fold;
    }

    void judge(int partition) {
      for (Iterator<LogRecord> records = changelog.records(partition); records.hasNext(); ) {
        observe(records.next());
      }
      fold.keys().forEach(this::end);
    }

    private void observe(LogRecord record) {
      byte[] bytes = record.key();
      if (bytes != null && ChangelogKey.isReserved(bytes)) {
        return;
      }
      findings.compared();
      if (!(ChangelogKey.decode(bytes) instanceof ChangelogKey.Plain(byte[] name))) {
        add("wrong-key", record, () -> "has a key of another kind of table");
        return;
      }
      ByteBuffer key = ByteBuffer.wrap(name);
      Life life = fold.keys().get(key);
      byte[] bytesOfValue = record.value();
      if (life == null) {
        if (bytesOfValue != null) {
          add("phantom", record, () -> "has a key that no event of the source has");
        }
        return;
      }
      Shown at = shown.computeIfAbsent(key, _ -> new Shown());
      if (bytesOfValue == null) {
        deleted(record, life, at);
        return;
      }
      TimedTally value = TimedTally.decode(bytesOfValue);
      at.value = value;
      at.record = record;
      if (value == null) {
        add("wrong-value", record, () -> "holds no tally with its time");
        return;
      }
      at.transaction = transaction(record, value.at());
      int event = life.find(value);
      if (event < 0) {
        findings.add(() -> unknown(record, life, value.tally()));
      } else if (event <= at.event) {
        add("went-back", record, () -> "goes back to " + value.tally());
      } else {
        at.event = event;
      }
    }

    /// The number of a value's transaction; without lineage each value has one of its own.
    private int transaction(LogRecord record, long time) {
      Lineage lineage = Lineage.decode(record.lineage(), previous);
      Lineage before = previous;
      previous = lineage;
      if (lineage != null
          && before != null
          && lineage.epoch() == before.epoch()
          && lineage.worker().equals(before.worker())) {
        times.set(times.size() - 1, Math.max(times.getLast(), time));
      } else {
        times.add(time);
      }
      return times.size() - 1;
    }

    private Anomaly unknown(LogRecord record, Life life, Tally tally) {
      return life.isOfSeveralLives(tally)
          ? anomaly(
              "expiry-forgotten", record, "goes on with a tally whose time was over: " + tally)
          : anomaly("wrong-value", record, "is the tally of none of its key's events: " + tally);
    }

    /// A key may only be deleted when its life is over: by the event that begins the next one, or
    /// by the end of the log.
    private void deleted(LogRecord record, Life life, Shown at) {
      at.value = null;
      at.record = null;
      int last = life.lastOfLife(Math.max(0, at.event));
      if (last == life.size() - 1 && !fold.isOver(life.state(last))) {
        add("deleted", record, () -> "deletes a key whose time is not over");
      }
      at.event = Math.max(at.event, last);
    }

    private boolean isKept(Shown at, TimedTally value) {
      return at.transaction + 1 < times.size()
          && fold.hasPassedSince(Math.max(value.at() + lifetime, times.get(at.transaction + 1)));
    }

    private void end(ByteBuffer key, Life life) {
      findings.compared();
      Shown at = shown.get(key);
      TimedTally last = life.state(life.size() - 1);
      TimedTally value = at == null ? null : at.value;
      LogRecord record = at == null ? null : at.record;
      String name = "key " + StandardCharsets.UTF_8.decode(key.duplicate());
      if (value == null && !fold.isOver(last)) {
        left("missing", name + " is missing; the truth is " + last.tally());
      } else if (at != null && value != null && record != null && isKept(at, value)) {
        String where = Witness.at(changelog.topic(), record);
        left("kept", name + ", last written by " + where + ", is still there long after its time");
      } else if (value != null && !value.equals(last) && !fold.isOver(last)) {
        left(
            "wrong-value", name + " ends with " + value.tally() + "; the truth is " + last.tally());
      }
    }
  }

  private void left(String kind, String what) {
    findings.add(() -> new Anomaly(kind, "In " + changelog.topic() + ", " + what + ".", List.of()));
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() -> anomaly(kind, record, what.get()));
  }

  private Anomaly anomaly(String kind, LogRecord record, String what) {
    return new Anomaly(
        kind,
        "In "
            + changelog.topic()
            + ", "
            + ChangelogKey.describe(record.key())
            + ": "
            + Witness.at(changelog.topic(), record)
            + Witness.by(record)
            + " "
            + what
            + witness.after(record.observedAt())
            + ".",
        List.of(witness.exhibit(changelog.topic(), record, kind)),
        record.observedAt());
  }
}
