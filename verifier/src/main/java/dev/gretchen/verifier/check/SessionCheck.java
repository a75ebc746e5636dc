package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.SessionValue;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.truth.KeyWindow;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.SessionFold;
import dev.gretchen.verifier.truth.SessionTruth;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// `sessions` of a table: every session that its changelog ever shows is one that its key had after
/// some event, in their order, and what is left at the end are the sessions that have not closed.
///
/// A changelog keeps a session under its key and a moment in it, always the same; when an event
/// between two sessions unites them, one of the two places is deleted. So a place's records must be
/// states of the key's history ([SessionFold]), each later than the one before, and hold the place;
/// what was deleted does not come back, because an event that comes so late is late. A tally is
/// never right by chance: it carries the fingerprint of its events.
///
/// Memory is a state for each event of one partition.
///
/// Kinds: `wrong-bounds`, `wrong-value`, `lost` and `doubled` (one event, named), `wrong-key`,
/// `went-back`, `resurrected`, `missing`, `phantom`, `kept` (a session that is over).
public final class SessionCheck {

  private final Witness witness;
  private final String table;
  private final PartitionedLog changelog;
  private final Findings findings = new Findings();

  private SessionCheck(Witness witness, String table, PartitionedLog changelog) {
    this.witness = witness;
    this.table = table;
    this.changelog = changelog;
  }

  /// Judges a changelog by the sessions of its source.
  public static Property check(
      Witness witness, String table, SessionTruth truth, PartitionedLog changelog) {
    SessionCheck check = new SessionCheck(witness, table, changelog);
    for (int p = 0; p < Math.max(truth.partitions(), changelog.partitions()); p++) {
      check.new Partition(truth.fold(p)).judge(p);
    }
    return check.findings.property(
        "sessions:" + table,
        Section.SAFETY,
        "Every session in "
            + changelog.topic()
            + " is one of its key's, and at the end those are there that have not closed.");
  }

  /// What is known of one partition on the way through its changelog.
  private final class Partition {
    private final SessionFold fold;
    private final Map<ByteBuffer, Integer> last = new HashMap<>();
    private final Map<ByteBuffer, SessionValue> live = new HashMap<>();
    private final Set<ByteBuffer> gone = new HashSet<>();

    Partition(SessionFold fold) {
      this.fold = fold;
    }

    void judge(int partition) {
      if (partition < changelog.partitions()) {
        for (Iterator<LogRecord> records = changelog.records(partition); records.hasNext(); ) {
          observe(records.next());
        }
      }
      end(partition);
    }

    private void observe(LogRecord record) {
      byte[] bytes = record.key();
      if (bytes != null && ChangelogKey.isReserved(bytes)) {
        return;
      }
      findings.compared();
      if (!(ChangelogKey.decode(bytes) instanceof ChangelogKey.Windowed(long moment, byte[] key))
          || bytes == null) {
        add("wrong-key", record, () -> "has a key of another kind of table");
        return;
      }
      ByteBuffer place = ByteBuffer.wrap(bytes);
      byte[] value = record.value();
      if (value == null) {
        live.remove(place);
        gone.add(place);
        return;
      }
      SessionValue session = SessionValue.decode(value);
      if (session == null) {
        add("wrong-value", record, () -> "holds no session");
        return;
      }
      live.put(place, session);
      if (gone.contains(place)) {
        add("resurrected", record, () -> "writes to a session that was deleted before");
        return;
      }
      Integer after = fold.history(key).get(session);
      if (after == null) {
        findings.add(() -> explained(record, session, fold.history(key)));
      } else if (moment < session.start() || moment >= session.end()) {
        add(
            "wrong-bounds",
            record,
            () -> "stands under a moment that is not in it, which lasts " + words(session));
      } else if (after < last.getOrDefault(place, -1)) {
        add("went-back", record, () -> "goes back to what it was before, " + words(session));
      } else {
        last.put(place, after);
      }
    }

    /// Why a session is none of its key's, by the state of the truth that is next to it: the one
    /// with its tally, or one with its bounds, from which it best differs by one event. Looks at
    /// all of the key's states: for what is put into words, not for each record.
    private Anomaly explained(
        LogRecord record, SessionValue session, Map<SessionValue, Integer> history) {
      SessionValue bounds = null;
      SessionValue tally = null;
      for (SessionValue state : history.keySet()) {
        if (state.start() == session.start()
            && state.end() == session.end()
            && (bounds == null || ClosedCheck.isByOne(witness, session.tally(), state.tally()))) {
          bounds = state;
        }
        tally = state.tally().equals(session.tally()) ? state : tally;
      }
      if (tally != null) {
        return anomaly(
            "wrong-bounds",
            record,
            "lasts " + words(session) + "; with these events it lasts " + words(tally));
      }
      if (bounds != null) {
        Tally right = bounds.tally();
        boolean byOne = ClosedCheck.isByOne(witness, session.tally(), right);
        boolean less = session.tally().count() < right.count();
        return anomaly(
            byOne ? less ? "lost" : "doubled" : "wrong-value",
            record,
            "lasts "
                + words(session)
                + " and says"
                + ClosedCheck.difference(witness, session.tally(), right));
      }
      return anomaly(
          "wrong-value",
          record,
          "is no session of its key: it lasts " + words(session) + " and says " + session.tally());
    }

    private void end(int partition) {
      Map<KeyWindow, Tally> open = fold.open();
      Set<KeyWindow> found = new HashSet<>();
      live.forEach((place, session) -> {
        ByteBuffer key = place.duplicate();
        key.position(1 + Long.BYTES);
        KeyWindow window = new KeyWindow(key.slice(), session.start(), session.end());
        Tally truth = open.get(window);
        if (truth != null && found.add(window)) {
          if (!truth.equals(session.tally())) {
            left(
                "wrong-value",
                partition,
                "ends with "
                    + window
                    + ", says"
                    + ClosedCheck.difference(witness, session.tally(), truth));
          }
        } else {
          boolean over = fold.closed().containsKey(window);
          left(
              over ? "kept" : "phantom",
              partition,
              "ends with " + window + ", which " + (over ? "has closed" : "the truth has not"));
        }
      });
      open.forEach((window, truth) -> {
        findings.compared();
        if (!found.contains(window)) {
          left("missing", partition, "ends without " + window + "; the truth is " + truth);
        }
      });
    }
  }

  private static String words(SessionValue session) {
    return "from "
        + Instant.ofEpochMilli(session.start())
        + " to "
        + Instant.ofEpochMilli(session.end());
  }

  private void left(String kind, int partition, String what) {
    findings.add(() ->
        new Anomaly(kind, "Partition " + partition + " of " + table + " " + what + ".", List.of()));
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
