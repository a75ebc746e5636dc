package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChatValue;
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
import java.util.List;
import java.util.function.Supplier;

/// `rejection`: of a chat's posts exactly those are rejected that are not admitted, each once, for
/// the right reason and by the right version of the ban.
///
/// Together with `admission` that is conservation: sent = admitted + rejected. And since a version
/// is the ban's own offset, one that is right is also never older than the last one that was used
/// for its user, by whatever worker: a table that lost its newest bans shows here first.
///
/// A rejected post is named by the place of its event, so each of a repeated one's copies has its
/// own. Kinds: `lost`, `innocent` (it should have been admitted), `doubled`, `phantom`,
/// `wrong-version`, `wrong-reason`, `wrong-value`, `out-of-order`. Memory is that of the users and
/// of what is in flight.
public final class RejectionCheck implements Awaited.Source {

  /// The fact about a post that was rejected because it was repeated.
  private static final long REPEATED = -1;

  private final Witness witness;
  private final PartitionedLog events;
  private final PartitionedLog rejected;
  private final List<ChatFold> folds = new ArrayList<>();
  private final Awaited awaited = new Awaited(this);
  private final Findings findings = new Findings();

  private RejectionCheck(Witness witness, PartitionedLog events, PartitionedLog rejected) {
    this.witness = witness;
    this.events = events;
    this.rejected = rejected;
    for (int p = 0; p < events.partitions(); p++) {
      folds.add(new ChatFold(events.records(p)));
    }
  }

  /// Judges the rejected posts by the input.
  public static Property check(Witness witness, PartitionedLog events, PartitionedLog rejected) {
    RejectionCheck check = new RejectionCheck(witness, events, rejected);
    for (MergedLog records = new MergedLog(rejected); records.hasNext(); ) {
      check.observe(records.next());
    }
    check.awaited.missing(events.partitions(), check::lost);
    return check.findings.property(
        "rejection:" + rejected.topic(),
        Section.SAFETY,
        "Exactly those posts of "
            + events.topic()
            + " that are not admitted are in "
            + rejected.topic()
            + ", once, each by the ban that was in force.");
  }

  @Override
  public boolean readOn(int partition) {
    ChatFold fold = folds.get(partition);
    if (!fold.hasNext()) {
      return false;
    }
    Decision decision = fold.next();
    boolean banned = decision.fate() == ChatFold.Fate.BANNED;
    if (banned || decision.fate() == ChatFold.Fate.REPEATED) {
      findings.compared();
      awaited.await(
          decision.post().user().getBytes(StandardCharsets.UTF_8),
          place(partition, decision.record().offset()),
          banned ? decision.version() : REPEATED);
    }
    return true;
  }

  private long place(int partition, long offset) {
    return offset * events.partitions() + partition;
  }

  private void observe(LogRecord record) {
    findings.compared();
    ChatValue.Rejected value = ChatValue.rejected(record.value());
    byte[] user = record.key();
    if (value == null
        || user == null
        || value.partition() < 0
        || value.partition() >= events.partitions()) {
      add("wrong-value", record, () -> "holds no rejected post");
      return;
    }
    long place = place(value.partition(), value.offset());
    switch (awaited.arrived(user, value.partition(), place)) {
      case IN_TURN -> decided(record, value, awaited.fact());
      case OUT_OF_TURN ->
          add("out-of-order", record, () -> "comes behind a later rejected post of its user");
      case UNAWAITED -> unawaited(record, value);
    }
  }

  private void decided(LogRecord record, ChatValue.Rejected value, long fact) {
    String reason = fact == REPEATED ? ChatValue.REPEATED : ChatValue.BANNED;
    if (!record.hasId() || record.id() != value.id()) {
      add("wrong-value", record, () -> "names another event than its header");
    } else if (!value.reason().equals(reason)) {
      add(
          "wrong-reason",
          record,
          () ->
              "rejects "
                  + witness.event(value.id())
                  + " as "
                  + value.reason()
                  + ", it is "
                  + reason);
    } else if (fact != value.version()) {
      add(
          "wrong-version",
          record,
          () ->
              "rejects "
                  + witness.event(value.id())
                  + " by the ban of version "
                  + value.version()
                  + ", in force was that of version "
                  + fact);
    }
  }

  private void unawaited(LogRecord record, ChatValue.Rejected value) {
    findings.add(() -> {
      ChatFold.Fate fate = fate(value);
      String event = witness.event(value.id());
      return switch (fate) {
        case ADMITTED ->
            anomaly("innocent", record, "rejects " + event + ", whose user was not banned");
        case BANNED, REPEATED -> anomaly("doubled", record, "repeats " + event);
        case DEAD, MODERATION, NONE ->
            anomaly("phantom", record, "names " + place(value) + ", where no such post is");
      };
    });
  }

  private ChatFold.Fate fate(ChatValue.Rejected value) {
    for (ChatFold fold = new ChatFold(events.records(value.partition())); fold.hasNext(); ) {
      Decision decision = fold.next();
      if (decision.record().offset() == value.offset()) {
        return decision.fate();
      }
    }
    return ChatFold.Fate.NONE;
  }

  private String place(ChatValue.Rejected value) {
    return events.place(value.partition()) + "@" + value.offset();
  }

  private void lost(long place) {
    int partition = (int) (place % events.partitions());
    long offset = place / events.partitions();
    findings.add(() ->
        new Anomaly(
            "lost",
            rejected.topic()
                + " lacks the post at "
                + events.place(partition)
                + "@"
                + offset
                + ", which must not be admitted.",
            List.of()));
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() -> anomaly(kind, record, what.get()));
  }

  private Anomaly anomaly(String kind, LogRecord record, String what) {
    return new Anomaly(
        kind,
        "User "
            + Witness.text(record.key())
            + ": "
            + Witness.at(rejected.topic(), record)
            + Witness.by(record)
            + " "
            + what
            + witness.after(record.observedAt())
            + ".",
        List.of(witness.exhibit(rejected.topic(), record, kind)),
        record.observedAt());
  }
}
