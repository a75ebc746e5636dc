package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.check.Findings;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.truth.Grouping;
import dev.gretchen.verifier.truth.KeyIndex;
import dev.gretchen.verifier.truth.Longs;
import dev.gretchen.verifier.truth.SourceCursor;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/// `atomic` of a table: each commit of a source partition left one changelog record for each key
/// that its events touched, of just these events, in the transaction of the offset.
///
/// Each event of the source belongs to a commit ([CommitLine]). Per commit and group (a key, or a
/// key in a window) the lineage of the one record must run from the group's first event in it to
/// the last (`torn`, `wrong-range`), and nothing else may be there (`phantom`, `repeated`). A
/// deletion may take the place of a value and may come without events of its group.
///
/// Changelog and offset share a transaction under either guarantee, so this holds under both. Of a
/// compacted changelog only the records that are left are judged.
final class TableCommitCheck {

  private static final int NONE = -1;

  private final Scene scene;
  private final SimLog source;
  private final SimLog log;
  private final Grouping grouping;
  private final KeyIndex groups = new KeyIndex();
  private final List<Seen> records;
  private final Longs heads = new Longs(NONE);
  private final Longs tails = new Longs(NONE);
  private final int[] nexts;
  private final int[] commits;
  private final Longs open = new Longs(NONE);
  private final Longs firsts = new Longs(0);
  private final Longs lasts = new Longs(0);
  private final Findings findings = new Findings();

  private TableCommitCheck(Scene scene, Table table) {
    this.scene = scene;
    this.source = scene.history().log(table.source());
    this.log = scene.history().log(table.changelog());
    this.records = new ArrayList<>(log.size());
    this.nexts = new int[log.size()];
    this.commits = new int[log.size()];
    Arrays.fill(nexts, NONE);
    this.grouping =
        switch (table.kind()) {
          case COUNTS -> new Grouping.ByKey();
          case WINDOWED_COUNTS -> Grouping.ByWindow.of(table.requiredSpan());
          case SESSIONS, EXPIRING_COUNTS ->
              throw new IllegalArgumentException(
                  "table "
                      + table.name()
                      + " is of kind "
                      + table.kind().word()
                      + ", which no simulated run is judged by yet");
        };
  }

  static Property check(Scene scene, Table table) {
    TableCommitCheck check = new TableCommitCheck(scene, table);
    for (int p = 0; p < check.log.partitions(); p++) {
      for (Seen seen : check.log.partition(p)) {
        check.observe(seen);
      }
    }
    if (check.log.isComplete()) {
      for (int p = 0; p < check.source.partitions(); p++) {
        check.stretches(p);
      }
      for (int slot = 0; slot < check.groups.size(); slot++) {
        check.left(slot);
      }
    }
    return check.findings.property(
        name(table),
        Section.SAFETY,
        "Every commit of "
            + table.source()
            + " left in "
            + table.changelog()
            + " one record for each key that its events touched, and no other.");
  }

  static String name(Table table) {
    return "atomic:" + table.name();
  }

  private void observe(Seen seen) {
    byte[] key = seen.record().key();
    if (key == null || key.length == 0 || key[0] != grouping.tag()) {
      return;
    }
    findings.compared();
    Lineage lineage = seen.lineage();
    if (lineage == null) {
      add("no-lineage", seen, () -> "does not say which events it comes from");
      return;
    }
    int p = seen.record().partition();
    CommitLine line = scene.line(source.topic(), p);
    if (line == null
        || !lineage.topic().equals(source.topic())
        || lineage.partition() != p
        || lineage.first() > lineage.last()
        || source.indexOf(p, lineage.first()) < 0
        || source.indexOf(p, lineage.last()) < 0) {
      add("wrong-lineage", seen, () -> "says that it comes from where no event is");
      return;
    }
    int commit = line.find(lineage.first());
    Scene.Torn torn = scene.torn(seen, lineage, line, commit);
    if (torn != null) {
      add(torn.kind(), seen, torn::what);
    }
    int slot = groups.add(key, 1);
    int number = records.size();
    records.add(seen);
    commits[number] = commit;
    if (tails.get(slot) == NONE) {
      heads.set(slot, number);
    } else {
      nexts[(int) tails.get(slot)] = number;
    }
    tails.set(slot, number);
  }

  /// Walks the events of a partition. Those of a group and a commit stand together in their group,
  /// because a group's events are applied in order; those of a commit need not.
  private void stretches(int p) {
    CommitLine line = scene.line(source.topic(), p);
    if (line == null) {
      return;
    }
    SourceCursor cursor = new SourceCursor(source.records(p), grouping);
    List<Integer> touched = new ArrayList<>();
    for (Seen event : source.partition(p)) {
      byte[] group = cursor.next();
      int commit = line.find(event.offset());
      if (commit < 0 || group.length == 0) {
        continue;
      }
      int slot = groups.add(group, 0);
      if (open.get(slot) != commit) {
        if (open.get(slot) == NONE) {
          touched.add(slot);
        } else {
          close(slot, line);
        }
        open.set(slot, commit);
        firsts.set(slot, event.offset());
      }
      lasts.set(slot, event.offset());
    }
    for (int slot : touched) {
      close(slot, line);
      open.set(slot, NONE);
    }
  }

  private void close(int slot, CommitLine line) {
    findings.compared();
    expect(slot, line, (int) open.get(slot));
  }

  /// Takes the record of a group and a commit from the group's queue.
  private void expect(int slot, CommitLine line, int commit) {
    int number = (int) heads.get(slot);
    while (number != NONE && commits[number] < commit) {
      superfluous(records.get(number));
      number = nexts[number];
    }
    heads.set(slot, number);
    if (number == NONE || commits[number] != commit) {
      missing(slot, line, commit);
      return;
    }
    Seen seen = records.get(number);
    Lineage lineage = Objects.requireNonNull(seen.lineage());
    long first = firsts.get(slot);
    long last = lasts.get(slot);
    if (seen.record().value() != null && (lineage.first() != first || lineage.last() != last)) {
      add(
          "wrong-range",
          seen,
          () ->
              "says that it stands for "
                  + lineage.first()
                  + ".."
                  + lineage.last()
                  + " of "
                  + source.topic()
                  + "-"
                  + lineage.partition()
                  + ", but its key's events in the commit of "
                  + line.describe(commit)
                  + " are "
                  + first
                  + ".."
                  + last
                  + ", the last being "
                  + event(lineage.partition(), last));
    }
    number = nexts[number];
    while (number != NONE && commits[number] == commit) {
      Seen again = records.get(number);
      add("repeated", again, () -> "is one more record of its key in one commit");
      number = nexts[number];
    }
    heads.set(slot, number);
  }

  private void left(int slot) {
    for (int number = (int) heads.get(slot); number != NONE; number = nexts[number]) {
      superfluous(records.get(number));
    }
  }

  private void superfluous(Seen seen) {
    if (seen.record().value() != null) {
      add("phantom", seen, () -> "stands for no event of its key in its commit");
    }
  }

  private void missing(int slot, CommitLine line, int commit) {
    long last = lasts.get(slot);
    findings.add(() -> {
      byte[] group = groups.key(slot);
      byte[] key = new byte[group.length + 1];
      key[0] = grouping.tag();
      System.arraycopy(group, 0, key, 1, group.length);
      return new Anomaly(
          "torn",
          "In "
              + log.topic()
              + ", "
              + ChangelogKey.describe(key)
              + " has no record of the commit of "
              + line.describe(commit)
              + ", which covers "
              + event(line.partition(), last)
              + " at "
              + source.at(line.partition(), last)
              + scene.witness().after(SimHistory.millis(line.nanos(commit)))
              + ".",
          List.of(),
          SimHistory.millis(line.nanos(commit)));
    });
  }

  private String event(int partition, long offset) {
    Seen event = source.find(partition, offset);
    return event == null ? "no event" : scene.witness().event(event.record());
  }

  private void add(String kind, Seen seen, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            "In "
                + log.topic()
                + ", "
                + ChangelogKey.describe(seen.record().key())
                + ": "
                + log.at(seen)
                + Witness.by(seen.record())
                + " "
                + what.get()
                + scene.witness().after(seen.record().observedAt())
                + ".",
            List.of(scene.witness().exhibit(log.topic(), seen.record(), kind)),
            seen.record().observedAt()));
  }
}
