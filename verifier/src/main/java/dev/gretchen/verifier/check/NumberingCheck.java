package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChatValue;
import dev.gretchen.verifier.contract.Partitioner;
import dev.gretchen.verifier.truth.KeyIndex;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Longs;
import dev.gretchen.verifier.truth.MergedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/// `numbering`: every admitted post gets the next number of its room, 1, 2, 3 and so on, in the
/// order in which they were admitted, over all takeovers.
///
/// Kinds: `index-reused` (a number that its room has had), `index-gap`, `lost`, `doubled`,
/// `out-of-order`, `phantom`, `wrong-value`. Memory is a number for each room and what is in
/// flight.
public final class NumberingCheck implements Awaited.Source {

  private final Witness witness;
  private final PartitionedLog admitted;
  private final PartitionedLog numbered;
  private final List<Iterator<LogRecord>> sources = new ArrayList<>();
  private final Awaited awaited = new Awaited(this);
  private final KeyIndex rooms = new KeyIndex();
  private final Longs lasts = new Longs(0);
  private final Findings findings = new Findings();

  private NumberingCheck(Witness witness, PartitionedLog admitted, PartitionedLog numbered) {
    this.witness = witness;
    this.admitted = admitted;
    this.numbered = numbered;
    for (int p = 0; p < admitted.partitions(); p++) {
      sources.add(admitted.records(p));
    }
  }

  /// Judges the numbered posts by the admitted ones.
  public static Property check(Witness witness, PartitionedLog admitted, PartitionedLog numbered) {
    NumberingCheck check = new NumberingCheck(witness, admitted, numbered);
    for (MergedLog records = new MergedLog(numbered); records.hasNext(); ) {
      check.observe(records.next());
    }
    check.awaited.missing(admitted.partitions(), check::lost);
    return check.findings.property(
        "numbering:" + numbered.topic(),
        Section.SAFETY,
        "Every post of "
            + admitted.topic()
            + " is in "
            + numbered.topic()
            + " once, and the posts of each of "
            + check.rooms.size()
            + " rooms are numbered from 1 on without a hole, in their order.");
  }

  @Override
  public boolean readOn(int partition) {
    Iterator<LogRecord> records = sources.get(partition);
    if (!records.hasNext()) {
      return false;
    }
    LogRecord record = records.next();
    ChatValue.Admitted post = ChatValue.admitted(record.value());
    byte[] room = record.key();
    if (post != null && room != null && record.hasId()) {
      findings.compared();
      awaited.await(
          room, record.id(), AdmissionCheck.content(post.user(), post.text(), record.timestamp()));
    }
    return true;
  }

  private void observe(LogRecord record) {
    findings.compared();
    ChatValue.Numbered post = ChatValue.numbered(record.value());
    byte[] room = record.key();
    if (post == null || room == null || !record.hasId() || record.id() != post.id()) {
      add("wrong-value", record, () -> "holds no numbered post of the event in its header");
      return;
    }
    switch (awaited.arrived(room, partition(record, room), record.id())) {
      case IN_TURN -> {
        if (post.at() != record.timestamp()
            || awaited.fact()
                != AdmissionCheck.content(post.user(), post.text(), record.timestamp())) {
          add("wrong-value", record, () -> "changed user, text or time of " + event(post));
        }
      }
      case OUT_OF_TURN ->
          add("out-of-order", record, () -> "holds " + event(post) + " behind a later one");
      case UNAWAITED -> unawaited(record, post);
    }
    index(record, post, rooms.add(room, 0));
  }

  /// Both topics have a room in the partition of the same number, where they have as many.
  private int partition(LogRecord record, byte[] room) {
    return admitted.partitions() == numbered.partitions()
        ? record.partition()
        : Partitioner.partition(room, admitted.partitions());
  }

  private void index(LogRecord record, ChatValue.Numbered post, int room) {
    long last = lasts.get(room);
    if (post.index() <= last) {
      add(
          "index-reused",
          record,
          () ->
              "gives number "
                  + post.index()
                  + " to "
                  + event(post)
                  + ", but the room is at "
                  + last);
    } else if (post.index() > last + 1) {
      add(
          "index-gap",
          record,
          () ->
              "gives number " + post.index() + " to " + event(post) + ", and the last was " + last);
    }
    lasts.set(room, Math.max(last, post.index()));
  }

  private void unawaited(LogRecord record, ChatValue.Numbered post) {
    findings.add(() -> {
      boolean known = false;
      for (int p = 0; p < admitted.partitions() && !known; p++) {
        for (Iterator<LogRecord> all = admitted.records(p); all.hasNext() && !known; ) {
          LogRecord other = all.next();
          known = other.hasId() && other.id() == post.id();
        }
      }
      return known
          ? anomaly("doubled", record, "repeats " + event(post))
          : anomaly("phantom", record, "holds " + event(post) + ", which was not admitted");
    });
  }

  private void lost(long id) {
    findings.add(() ->
        new Anomaly(
            "lost",
            numbered.topic() + " lacks " + witness.event(id) + ", which was admitted.",
            List.of()));
  }

  private String event(ChatValue.Numbered post) {
    return witness.event(post.id());
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() -> anomaly(kind, record, what.get()));
  }

  private Anomaly anomaly(String kind, LogRecord record, String what) {
    return new Anomaly(
        kind,
        "Room "
            + Witness.text(record.key())
            + ": "
            + Witness.at(numbered.topic(), record)
            + Witness.by(record)
            + " "
            + what
            + witness.after(record.observedAt())
            + ".",
        List.of(witness.exhibit(numbered.topic(), record, kind)),
        record.observedAt());
  }
}
