package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChangelogKey;
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
/// is over is its own affair within two lifetimes.
///
/// Memory is a state for each event of one partition.
///
/// Kinds: `expiry-forgotten`, `wrong-value`, `wrong-key`, `went-back`, `deleted`, `missing`,
/// `phantom`, `kept`.
public final class ExpiringCheck {

  /// After so many lifetimes without an event a key must be gone.
  private static final int LIFETIMES_MAX = 2;

  private final Witness witness;
  private final PartitionedLog changelog;
  private final Findings findings = new Findings();

  private ExpiringCheck(Witness witness, PartitionedLog changelog) {
    this.witness = witness;
    this.changelog = changelog;
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
    ExpiringCheck check = new ExpiringCheck(witness, changelog);
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

    private @Nullable TimedTally value;
    private @Nullable LogRecord record;
  }

  /// What is known of one partition.
  private final class Partition {
    private final ExpiringFold fold;
    private final Map<ByteBuffer, Shown> shown = new HashMap<>();

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
      int event = life.find(value);
      if (event < 0) {
        boolean goesOn = life.isOfSeveralLives(value.tally());
        add(
            goesOn ? "expiry-forgotten" : "wrong-value",
            record,
            () ->
                goesOn
                    ? "goes on with a tally whose time was over: " + value.tally()
                    : "is the tally of none of its key's events: " + value.tally());
      } else if (event <= at.event) {
        add("went-back", record, () -> "goes back to " + value.tally());
      } else {
        at.event = event;
      }
    }

    /// A key may only be deleted when its life is over: by the event that begins the next one, or
    /// by the end of the log.
    private void deleted(LogRecord record, Life life, Shown at) {
      at.value = null;
      at.record = null;
      int last = life.lastOfLife(Math.max(0, at.event));
      if (last == life.size() - 1 && !fold.isOver(life.state(last), 1)) {
        add("deleted", record, () -> "deletes a key whose time is not over");
      }
      at.event = Math.max(at.event, last);
    }

    private void end(ByteBuffer key, Life life) {
      findings.compared();
      Shown at = shown.get(key);
      TimedTally last = life.state(life.size() - 1);
      TimedTally value = at == null ? null : at.value;
      LogRecord record = at == null ? null : at.record;
      String name = "key " + StandardCharsets.UTF_8.decode(key.duplicate());
      if (value == null && !fold.isOver(last, 1)) {
        left("missing", name + " is missing; the truth is " + last.tally());
      } else if (value != null && record != null && fold.isOver(value, LIFETIMES_MAX)) {
        String where = Witness.at(changelog.topic(), record);
        left("kept", name + ", last written by " + where + ", is still there long after its time");
      } else if (value != null && !value.equals(last) && !fold.isOver(last, 1)) {
        left(
            "wrong-value",
            name + " ends with " + value.tally() + "; the truth is " + last.tally());
      }
    }
  }

  private void left(String kind, String what) {
    findings.add(() ->
        new Anomaly(kind, "In " + changelog.topic() + ", " + what + ".", List.of()));
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            "In "
                + changelog.topic()
                + ", "
                + ChangelogKey.describe(record.key())
                + ": "
                + Witness.at(changelog.topic(), record)
                + Witness.by(record)
                + " "
                + what.get()
                + witness.after(record.observedAt())
                + ".",
            List.of(witness.exhibit(changelog.topic(), record, kind)),
            record.observedAt()));
  }
}
