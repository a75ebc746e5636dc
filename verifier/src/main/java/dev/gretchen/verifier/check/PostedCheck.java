package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChatValue;
import dev.gretchen.verifier.truth.ChatFold;
import dev.gretchen.verifier.truth.ChatFold.Decision;
import dev.gretchen.verifier.truth.KeyIndex;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.PendingIds;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/// `posted`: each update of the table of a user's admitted posts holds the ids of the last ones
/// after some post of the user, never of before what the update before it held, and in the end of
/// all.
///
/// Both logs have a user in the partition of the same number, so the input is read on only as far
/// as an update demands. Kinds: `wrong-value`, `not-last`.
public final class PostedCheck {

  private final Witness witness;
  private final PartitionedLog changelog;
  private final Findings findings = new Findings();

  private PostedCheck(Witness witness, PartitionedLog changelog) {
    this.witness = witness;
    this.changelog = changelog;
  }

  /// Judges a table's changelog by the input of its chat.
  public static Property check(
      String table, Witness witness, PartitionedLog events, PartitionedLog changelog) {
    PostedCheck check = new PostedCheck(witness, changelog);
    for (int p = 0; p < events.partitions(); p++) {
      check.new Partition(new ChatFold(events.records(p))).judge(p);
    }
    return check.findings.property(
        "posted:" + table,
        Section.SAFETY,
        "Each update of " + table + " holds the ids of its user's last admitted posts.");
  }

  private final class Partition {
    private final ChatFold fold;
    private final KeyIndex users = new KeyIndex();
    private final PendingIds states = new PendingIds();

    Partition(ChatFold fold) {
      this.fold = fold;
    }

    void judge(int partition) {
      if (partition < changelog.partitions()) {
        for (Iterator<LogRecord> all = changelog.records(partition); all.hasNext(); ) {
          observe(all.next());
        }
      }
      boolean more = true;
      while (more) {
        more = readOn();
      }
      for (int slot = 0; slot < users.size(); slot++) {
        findings.compared();
        if (!states.isEmpty(slot)) {
          notLast(new String(users.key(slot), StandardCharsets.UTF_8), states.size(slot));
        }
      }
    }

    private boolean readOn() {
      if (!fold.hasNext()) {
        return false;
      }
      Decision decision = fold.next();
      if (decision.fate() == ChatFold.Fate.ADMITTED) {
        String user = decision.post().user();
        int slot = users.add(user.getBytes(StandardCharsets.UTF_8), 0);
        states.add(slot, fold.remembered(user));
      }
      return true;
    }

    private void observe(LogRecord record) {
      byte[] key = record.key();
      if (key == null || key.length < 2 || key[0] != 1) {
        return;
      }
      findings.compared();
      ChatValue.Posted posted = ChatValue.posted(record.value());
      long state = posted == null ? 0 : hash(posted.ids());
      int slot = users.add(key, 1);
      while (states.isEmpty(slot) || states.indexOf(slot, state) < 0) {
        if (!readOn()) {
          wrong(record);
          return;
        }
      }
      while (states.remove(slot) != state) {
        // what came in between was overtaken within one commit
      }
    }
  }

  private static long hash(List<Long> ids) {
    long hash = 0;
    for (long id : ids) {
      hash = ChatFold.chained(hash, id);
    }
    return hash;
  }

  private void wrong(LogRecord record) {
    findings.add(() ->
        new Anomaly(
            "wrong-value",
            Witness.at(changelog.topic(), record)
                + Witness.by(record)
                + " does not hold the last admitted posts of its user after any post since the"
                + " update before"
                + witness.after(record.observedAt())
                + ".",
            List.of(witness.exhibit(changelog.topic(), record, "wrong-value")),
            record.observedAt()));
  }

  private void notLast(String user, long missing) {
    findings.add(() ->
        new Anomaly(
            "not-last",
            changelog.topic() + " lacks the last " + missing + " admitted posts of " + user + ".",
            List.of()));
  }
}
