package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.contract.ChatValue;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.truth.ChatFold;
import dev.gretchen.verifier.truth.ChatFold.Decision;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `bans`: each record of a table of bans, or of the topic in which it is published, says what was
/// in force of its user after some event of the log, never something of before what the record
/// before it said, and in the end what is in force.
///
/// So no version of a ban ever goes back, over whatever recoveries. Changes that came in between
/// within one commit may be left out. Kinds: `went-back`, `wrong-value`, `not-last`, `phantom`.
/// Memory is that of the bans.
public final class BanUpdatesCheck {

  /// What is in force of a user who is not banned.
  private static final long FREE = 0;

  /// What was in force of a user, change by change.
  private static final class Course {
    private final List<Long> states = new ArrayList<>(List.of(FREE));
    private int at;
  }

  private final Witness witness;
  private final PartitionedLog log;
  private final int keyFrom;
  private final Map<String, Course> courses = new HashMap<>();
  private final Findings findings = new Findings();

  private BanUpdatesCheck(Witness witness, PartitionedLog log, int keyFrom) {
    this.witness = witness;
    this.log = log;
    this.keyFrom = keyFrom;
  }

  /// Judges a changelog or a published table by the input of its chat.
  ///
  /// @param name of the property
  /// @param keyFrom how many bytes stand before a key: the tag of a changelog, or nothing
  public static Property check(
      String name, Witness witness, PartitionedLog events, PartitionedLog log, int keyFrom) {
    BanUpdatesCheck check = new BanUpdatesCheck(witness, log, keyFrom);
    for (int p = 0; p < events.partitions(); p++) {
      for (ChatFold fold = new ChatFold(events.records(p)); fold.hasNext(); ) {
        check.expect(fold.next());
      }
    }
    for (int p = 0; p < log.partitions(); p++) {
      for (Iterator<LogRecord> records = log.records(p); records.hasNext(); ) {
        check.observe(records.next());
      }
    }
    check.courses.forEach(check::last);
    return check.findings.property(
        name,
        Section.SAFETY,
        "Each record of "
            + log.topic()
            + " says which ban was in force of its user, never an older one than before, and the"
            + " last one the last.");
  }

  private void expect(Decision decision) {
    ChatEvent event = decision.event();
    if (event == null || decision.fate() != ChatFold.Fate.MODERATION) {
      return;
    }
    long state =
        switch (event) {
          case ChatEvent.Ban ban ->
              state(
                  new ChatValue.Banned(
                      decision.version(), ban.by(), ban.reason(), decision.record().timestamp()));
          case ChatEvent.Unban _ -> FREE;
          case ChatEvent.Post _ -> throw new IllegalStateException("a post moderates nobody");
        };
    List<Long> states = courses.computeIfAbsent(event.user(), _ -> new Course()).states;
    if (states.getLast() != state) {
      states.add(state);
    }
  }

  private void observe(LogRecord record) {
    byte[] key = record.key();
    if (key == null || key.length <= keyFrom || (keyFrom > 0 && key[0] != 1)) {
      return;
    }
    findings.compared();
    String user = new String(key, keyFrom, key.length - keyFrom, StandardCharsets.UTF_8);
    Course course = courses.get(user);
    ChatValue.Banned said = ChatValue.banned(record.value());
    if (course == null) {
      add("phantom", record, () -> "tells of " + user + ", whom nobody ever banned");
      return;
    }
    if (record.value() != null && said == null) {
      add("wrong-value", record, () -> "holds no ban");
      return;
    }
    long state = state(said);
    for (int i = course.at; i < course.states.size(); i++) {
      if (course.states.get(i) == state) {
        course.at = i;
        return;
      }
    }
    boolean old = course.states.subList(0, course.at).contains(state);
    add(
        old ? "went-back" : "wrong-value",
        record,
        () ->
            "says that "
                + user
                + " is "
                + (said == null ? "not banned" : "banned by version " + said.version())
                + (old ? ", which was so before what was said last" : ", which was never so"));
  }

  private void last(String user, Course course) {
    findings.compared();
    if (course.at < course.states.size() - 1
        && course.states.get(course.at) != (long) course.states.getLast()) {
      findings.add(() ->
          new Anomaly(
              "not-last",
              "The last that "
                  + log.topic()
                  + " says of "
                  + user
                  + " is not what the last event of the user made of it: "
                  + (course.states.getLast() == FREE ? "not banned" : "banned")
                  + ".",
              List.of()));
    }
  }

  private static long state(ChatValue.@Nullable Banned ban) {
    if (ban == null) {
      return FREE;
    }
    String all = ban.version() + "\0" + ban.by() + "\0" + ban.reason() + "\0" + ban.at();
    return Mix.fnv1a(all.getBytes(StandardCharsets.UTF_8));
  }

  private void add(String kind, LogRecord record, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            Witness.at(log.topic(), record)
                + Witness.by(record)
                + " "
                + what.get()
                + witness.after(record.observedAt())
                + ".",
            List.of(witness.exhibit(log.topic(), record, kind)),
            record.observedAt()));
  }
}
