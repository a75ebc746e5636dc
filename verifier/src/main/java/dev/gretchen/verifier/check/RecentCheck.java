package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChatValue;
import dev.gretchen.verifier.truth.KeyIndex;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Longs;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.RoomIndex;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/// `recent`: each update of the table of last posts holds the last [#KEPT] posts of its room up to
/// some number, as they are numbered in the log; that number never falls, and in the end it is the
/// room's last.
///
/// Kinds: `wrong-post`, `hole`, `went-back`, `not-last`, `wrong-value`.
public final class RecentCheck {

  /// How many posts of a room the table has.
  public static final int KEPT = 100;

  private final Witness witness;
  private final PartitionedLog changelog;
  private final RoomIndex index;
  private final KeyIndex rooms = new KeyIndex();
  private final Longs lasts = new Longs(0);
  private final Findings findings = new Findings();

  private RecentCheck(Witness witness, PartitionedLog changelog, RoomIndex index) {
    this.witness = witness;
    this.changelog = changelog;
    this.index = index;
  }

  /// Judges a table's changelog by the numbered posts.
  public static Property check(
      String table, Witness witness, PartitionedLog changelog, RoomIndex index) {
    RecentCheck check = new RecentCheck(witness, changelog, index);
    for (int p = 0; p < changelog.partitions(); p++) {
      for (Iterator<LogRecord> records = changelog.records(p); records.hasNext(); ) {
        check.observe(records.next());
      }
    }
    check.ends();
    return check.findings.property(
        "recent:" + table,
        Section.SAFETY,
        "Each update of " + table + " holds the last posts of its room, in their order.");
  }

  private void observe(LogRecord record) {
    byte[] key = record.key();
    if (key == null || key.length < 2 || key[0] != 1) {
      return;
    }
    findings.compared();
    ChatValue.Recent recent = ChatValue.recent(record.value());
    if (recent == null) {
      add("wrong-value", record, () -> "holds no posts of a room");
      return;
    }
    int slot = rooms.add(key, 1);
    if (recent.last() < lasts.get(slot)) {
      add("went-back", record, () -> "is at number " + recent.last() + " after " + lasts.get(slot));
    }
    lasts.set(slot, Math.max(lasts.get(slot), recent.last()));
    posts(record, recent, index.room(new String(key, 1, key.length - 1, StandardCharsets.UTF_8)));
  }

  private void posts(LogRecord record, ChatValue.Recent recent, int room) {
    long count = Math.min(KEPT, recent.last());
    if (recent.posts().size() != count) {
      add(
          "hole",
          record,
          () -> "holds " + recent.posts().size() + " posts up to number " + recent.last());
      return;
    }
    long place = recent.last() - count;
    for (ChatValue.Numbered post : recent.posts()) {
      place++;
      long due = place;
      Long id = index.id(room, due);
      if (post.index() != due) {
        add("hole", record, () -> "has number " + post.index() + " in the place of " + due);
        return;
      }
      if (id == null || id != post.id()) {
        add(
            "wrong-post",
            record,
            () -> "has " + witness.event(post.id()) + " as number " + due + ", unlike the log");
        return;
      }
    }
  }

  private void ends() {
    for (int slot = 0; slot < rooms.size(); slot++) {
      findings.compared();
      String room = new String(rooms.key(slot), StandardCharsets.UTF_8);
      long last = index.last(index.room(room));
      long held = lasts.get(slot);
      if (held != last) {
        findings.add(() ->
            new Anomaly(
                "not-last",
                changelog.topic()
                    + " ends at number "
                    + held
                    + " of "
                    + room
                    + ", whose last post is number "
                    + last
                    + ".",
                List.of()));
      }
    }
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            Witness.at(changelog.topic(), record)
                + Witness.by(record)
                + " "
                + what.get()
                + witness.after(record.observedAt())
                + ".",
            List.of(witness.exhibit(changelog.topic(), record, kind)),
            record.observedAt()));
  }
}
