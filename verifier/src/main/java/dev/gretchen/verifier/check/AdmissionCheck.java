package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.contract.ChatValue;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.contract.Partitioner;
import dev.gretchen.verifier.truth.ChatFold;
import dev.gretchen.verifier.truth.ChatFold.Decision;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.MergedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// `admission`: of a chat's posts exactly those are admitted that no ban stood against, in the
/// order of the log in which bans and posts of a user lie together.
///
/// A post after a ban of its user is never admitted (`after-ban`), one before it always (`lost`),
/// each once (`doubled`), under its room, with user, text and time as they were (`wrong-value`),
/// and posts of one user in one room keep their order (`out-of-order`). What no event accounts for
/// is a `phantom`; what should have been put aside is `not-dead`. Memory is that of the users and
/// of what is in flight.
public final class AdmissionCheck implements Awaited.Source {

  private final Witness witness;
  private final PartitionedLog events;
  private final PartitionedLog admitted;
  private final List<ChatFold> folds = new ArrayList<>();
  private final Awaited awaited = new Awaited(this);
  private final Findings findings = new Findings();

  private AdmissionCheck(Witness witness, PartitionedLog events, PartitionedLog admitted) {
    this.witness = witness;
    this.events = events;
    this.admitted = admitted;
    for (int p = 0; p < events.partitions(); p++) {
      folds.add(new ChatFold(events.records(p)));
    }
  }

  /// Judges the admitted posts by the input.
  public static Property check(Witness witness, PartitionedLog events, PartitionedLog admitted) {
    AdmissionCheck check = new AdmissionCheck(witness, events, admitted);
    for (MergedLog records = new MergedLog(admitted); records.hasNext(); ) {
      check.observe(records.next());
    }
    check.awaited.missing(events.partitions(), check::lost);
    return check.findings.property(
        "admission:" + admitted.topic(),
        Section.SAFETY,
        "Exactly those posts of "
            + events.topic()
            + " that no ban stood against are in "
            + admitted.topic()
            + ", once, unchanged and in order.");
  }

  @Override
  public boolean readOn(int partition) {
    ChatFold fold = folds.get(partition);
    if (!fold.hasNext()) {
      return false;
    }
    Decision decision = fold.next();
    if (decision.fate() == ChatFold.Fate.ADMITTED) {
      findings.compared();
      ChatEvent.Post post = decision.post();
      awaited.await(
          lane(post.user(), post.room()),
          decision.record().id(),
          content(post.user(), post.text(), decision.record().timestamp()));
    }
    return true;
  }

  private void observe(LogRecord record) {
    findings.compared();
    ChatValue.Admitted value = ChatValue.admitted(record.value());
    if (value == null || !record.hasId()) {
      add("wrong-value", record, () -> "holds no admitted post");
      return;
    }
    byte[] user = value.user().getBytes(StandardCharsets.UTF_8);
    int partition = Partitioner.partition(user, events.partitions());
    byte[] lane = lane(value.user(), Witness.text(record.key()));
    switch (awaited.arrived(lane, partition, record.id())) {
      case IN_TURN -> {
        if (awaited.fact() != content(value.user(), value.text(), record.timestamp())) {
          add("wrong-value", record, () -> "changed text or time of " + witness.event(record.id()));
        }
      }
      case OUT_OF_TURN ->
          add(
              "out-of-order",
              record,
              () -> "holds " + witness.event(record.id()) + " behind a later post of its user");
      case UNAWAITED -> unawaited(record, partition);
    }
  }

  /// What should have become of a post that should not be there, found by reading its partition
  /// once more.
  private void unawaited(LogRecord record, int partition) {
    findings.add(() -> {
      Decision known = null;
      for (ChatFold fold = new ChatFold(events.records(partition)); fold.hasNext(); ) {
        Decision decision = fold.next();
        boolean better = known == null || decision.fate() == ChatFold.Fate.ADMITTED;
        if (decision.record().hasId() && decision.record().id() == record.id() && better) {
          known = decision;
        }
      }
      ChatFold.Fate fate = known == null ? ChatFold.Fate.NONE : known.fate();
      String ban = known == null ? "" : events.place(partition) + "@" + known.version();
      return switch (fate) {
        case BANNED ->
            anomaly(
                "after-ban",
                record,
                "admits " + witness.event(record.id()) + ", whose user was banned by " + ban);
        case ADMITTED, REPEATED ->
            known != null && Arrays.equals(room(known), record.key())
                ? anomaly("doubled", record, "repeats " + witness.event(record.id()))
                : anomaly(
                    "wrong-value", record, "changed room or user of " + witness.event(record.id()));
        case DEAD ->
            anomaly(
                "not-dead",
                record,
                "admits " + witness.event(record.id()) + ", which breaks a rule");
        case MODERATION, NONE ->
            anomaly(
                "phantom", record, "holds " + witness.event(record.id()) + ", which is no post");
      };
    });
  }

  private static byte[] room(Decision decision) {
    return decision.post().room().getBytes(StandardCharsets.UTF_8);
  }

  private void lost(long id) {
    findings.add(() ->
        new Anomaly(
            "lost",
            admitted.topic()
                + " lacks "
                + witness.event(id)
                + ", though no ban of its user stood against it.",
            List.of()));
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
            + Witness.at(admitted.topic(), record)
            + Witness.by(record)
            + " "
            + what
            + witness.after(record.observedAt())
            + ".",
        List.of(witness.exhibit(admitted.topic(), record, kind)),
        record.observedAt());
  }

  /// Posts of one user in one room; no name holds a zero.
  private static byte[] lane(String user, String room) {
    return (user + '\0' + room).getBytes(StandardCharsets.UTF_8);
  }

  /// A hash of what a post says, by whom and when.
  static long content(String user, String text, long timestamp) {
    return Mix.fnv1a((user + '\0' + text + '\0' + timestamp).getBytes(StandardCharsets.UTF_8));
  }
}
