package dev.gretchen.verifier.calibrate;

import static dev.gretchen.verifier.calibrate.Records.inserted;
import static dev.gretchen.verifier.calibrate.Records.replaced;
import static dev.gretchen.verifier.calibrate.Records.withId;
import static dev.gretchen.verifier.calibrate.Records.withKey;
import static dev.gretchen.verifier.calibrate.Records.withValue;
import static dev.gretchen.verifier.calibrate.Records.without;

import dev.gretchen.verifier.calibrate.Change.InLog;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.contract.ChatValue;
import dev.gretchen.verifier.contract.StreamKind;
import dev.gretchen.verifier.contract.TableKind;
import dev.gretchen.verifier.load.Chat;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;

/// What can be wrong with the topics and tables of a chat.
final class ChatForgeries {

  private ChatForgeries() {}

  static Forgery postLost(Recording run) {
    String topic = run.stream(StreamKind.ADMITTED).topic();
    LogRecord gone = run.middle(topic, r -> isOfLoad(run, r));
    return forged(
        topic,
        gone,
        " is left out",
        Expected.fail("admission:" + topic, Set.of("lost"), run.event(gone.id())),
        without(gone));
  }

  static Forgery postAfterBan(Recording run) {
    String topic = run.stream(StreamKind.ADMITTED).topic();
    LogRecord rejected = banned(run);
    LogRecord before = run.beforeGap(topic, LogRecord::hasId);
    Chat chat = run.plan().chat();
    ChatValue post = new ChatValue.Admitted(chat.user(rejected.id()), chat.text(rejected.id()));
    return forged(
        topic,
        before,
        " is followed by a post of a user who was banned",
        Expected.fail(
            "admission:" + topic, Set.of("after-ban"), run.event(rejected.id()), "was banned by"),
        inserted(before, withId(withValue(before, post.encode()), rejected.id())));
  }

  static Forgery innocentRejected(Recording run) {
    String topic = run.stream(StreamKind.REJECTED).topic();
    LogRecord admitted = run.middle(run.stream(StreamKind.ADMITTED).topic(), r -> isOfLoad(run, r));
    LogRecord event = event(run, admitted.id());
    LogRecord before = run.beforeGap(topic, LogRecord::hasId);
    ChatValue rejection =
        new ChatValue.Rejected(
            event.id(),
            Witness.text(admitted.key()),
            ChatValue.BANNED,
            0,
            event.partition(),
            event.offset());
    LogRecord content =
        withId(
            withKey(withValue(before, rejection.encode()), Objects.requireNonNull(event.key())),
            event.id());
    return forged(
        topic,
        before,
        " is followed by the rejection of a post that was admitted",
        Expected.fail("rejection:" + topic, Set.of("innocent"), run.event(event.id())),
        inserted(before, content));
  }

  static Forgery rejectionLost(Recording run) {
    String topic = run.stream(StreamKind.REJECTED).topic();
    LogRecord gone = banned(run);
    ChatValue.Rejected value = Objects.requireNonNull(ChatValue.rejected(gone.value()));
    return forged(
        topic,
        gone,
        " is left out",
        Expected.fail(
            "rejection:" + topic,
            Set.of("lost"),
            run.app().input() + "-" + value.partition() + "@" + value.offset()),
        without(gone));
  }

  static Forgery banVersionStale(Recording run) {
    String topic = run.stream(StreamKind.REJECTED).topic();
    LogRecord changed = banned(run);
    ChatValue.Rejected v = Objects.requireNonNull(ChatValue.rejected(changed.value()));
    ChatValue older =
        new ChatValue.Rejected(
            v.id(), v.room(), v.reason(), v.version() - 1, v.partition(), v.offset());
    return forged(
        topic,
        changed,
        " names an older version of the ban",
        Expected.fail(
            "rejection:" + topic,
            Set.of("wrong-version"),
            run.event(v.id()),
            "in force was that of version " + v.version()),
        replaced(changed, withValue(changed, older.encode())));
  }

  static Forgery brokenEventSwallowed(Recording run) {
    if (run.app().outside().chat() == null) {
      throw new NoSuchElementException("the app is no chat");
    }
    String topic = Objects.requireNonNull(run.app().outside().deadLetters());
    LogRecord gone = run.last(topic, run.busiest(topic), r -> isOfLoad(run, r));
    return forged(
        topic,
        gone,
        " is left out",
        Expected.fail("broken-events:" + topic, Set.of("lost"), run.event(gone.id())),
        without(gone));
  }

  /// As a worker numbers that took a room over and does not know its predecessor's last number.
  static Forgery indexReused(Recording run) {
    return renumbered(run, -1, "index-reused", "the number before");
  }

  static Forgery indexLeftOut(Recording run) {
    return renumbered(run, 1, "index-gap", "the number behind");
  }

  private static Forgery renumbered(Recording run, int shift, String kind, String what) {
    String topic = run.stream(StreamKind.NUMBERED).topic();
    LogRecord changed = run.middle(topic, r -> isOfLoad(run, r) && number(r) > 1);
    ChatValue.Numbered post = Objects.requireNonNull(ChatValue.numbered(changed.value()));
    ChatValue other =
        new ChatValue.Numbered(
            post.index() + shift, post.id(), post.user(), post.text(), post.at());
    return forged(
        topic,
        changed,
        " has " + what,
        Expected.fail(
            "numbering:" + topic,
            Set.of(kind),
            "Room " + Witness.text(changed.key()),
            run.event(changed.id())),
        replaced(changed, withValue(changed, other.encode())));
  }

  /// As after a recovery from a state that is too old.
  static Forgery banTableWentBack(Recording run) {
    Table table = run.table(TableKind.BANS);
    String topic = table.changelog();
    PartitionedLog log = run.log(topic);
    for (int p = 0; p < log.partitions(); p++) {
      Map<ByteBuffer, List<LogRecord>> byUser = new HashMap<>();
      for (Iterator<LogRecord> records = log.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        List<LogRecord> all =
            byUser.computeIfAbsent(
                ByteBuffer.wrap(Objects.requireNonNull(record.key())), _ -> new ArrayList<>());
        all.add(record);
        LogRecord first = all.getFirst();
        if (all.size() > 2 && ChatValue.banned(first.value()) != null) {
          return forged(
              topic,
              record,
              " says again what " + Witness.at(topic, first) + " had said",
              Expected.fail(
                  "bans:" + table.name(),
                  Set.of("went-back"),
                  Witness.at(topic, record),
                  ChangelogKey.describe(record.key()).substring("key ".length())),
              replaced(record, withValue(record, first.value())));
        }
      }
    }
    throw new NoSuchElementException("nobody was banned and unbanned and banned again");
  }

  static Forgery banNeverPublished(Recording run) {
    String topic = run.stream(StreamKind.BANS).topic();
    PartitionedLog log = run.log(topic);
    int partition = run.busiest(topic);
    Map<ByteBuffer, LogRecord> last = new HashMap<>();
    log.records(partition)
        .forEachRemaining(r -> last.put(ByteBuffer.wrap(Objects.requireNonNull(r.key())), r));
    LogRecord gone =
        last.values().stream()
            .filter(record -> record.value() != null)
            .min((a, b) -> Long.compare(a.offset(), b.offset()))
            .orElseThrow();
    return forged(
        topic,
        gone,
        ", the last word on its user, is left out",
        Expected.fail("bans:" + topic, Set.of("not-last"), Witness.text(gone.key())),
        without(gone));
  }

  static Forgery recentWithAHole(Recording run) {
    Table table = run.table(TableKind.RECENT);
    String topic = table.changelog();
    LogRecord changed =
        run.middle(
            topic,
            r -> {
              ChatValue.Recent recent = ChatValue.recent(r.value());
              return recent != null && recent.posts().size() > 2;
            });
    ChatValue.Recent recent = Objects.requireNonNull(ChatValue.recent(changed.value()));
    List<ChatValue.Numbered> posts = new ArrayList<>(recent.posts());
    posts.remove(1);
    return forged(
        topic,
        changed,
        " lacks a post",
        Expected.fail("recent:" + table.name(), Set.of("hole"), Witness.at(topic, changed)),
        replaced(changed, withValue(changed, new ChatValue.Recent(recent.last(), posts).encode())));
  }

  static Forgery postedForgets(Recording run) {
    Table table = run.table(TableKind.POSTED);
    String topic = table.changelog();
    LogRecord changed =
        run.middle(
            topic,
            r -> {
              ChatValue.Posted posted = ChatValue.posted(r.value());
              return posted != null && posted.ids().size() > 1;
            });
    List<Long> ids = Objects.requireNonNull(ChatValue.posted(changed.value())).ids();
    ChatValue fewer = new ChatValue.Posted(ids.subList(1, ids.size()));
    return forged(
        topic,
        changed,
        " has forgotten the oldest id",
        Expected.fail("posted:" + table.name(), Set.of("wrong-value"), Witness.at(topic, changed)),
        replaced(changed, withValue(changed, fewer.encode())));
  }

  /// In the place of a client's post, so that no acknowledgement of the load is touched.
  static Forgery bannedByAStranger(Recording run) {
    String topic = run.app().input();
    LogRecord post = run.middle(topic, r -> r.hasId() && run.plan().isOfClient(r.id()));
    String user = Witness.text(post.key());
    return forged(
        topic,
        post,
        " is a ban that nobody asked for who may",
        Expected.fail(
            "moderators:" + topic,
            Set.of("banned-by-a-stranger"),
            "ban of " + user,
            Witness.at(topic, post)),
        replaced(post, withValue(post, new ChatEvent.Ban(user, "mallory", "for fun").value())));
  }

  /// A record of a rejected post of the load that was rejected for a ban.
  private static LogRecord banned(Recording run) {
    return run.middle(
        run.stream(StreamKind.REJECTED).topic(),
        r -> {
          ChatValue.Rejected value = ChatValue.rejected(r.value());
          return isOfLoad(run, r) && value != null && value.reason().equals(ChatValue.BANNED);
        });
  }

  /// The record of an event of the load in the input.
  private static LogRecord event(Recording run, long id) {
    int partition = run.plan().partitionOf(id);
    Iterator<LogRecord> records = run.log(run.app().input()).records(partition);
    while (records.hasNext()) {
      LogRecord record = records.next();
      if (record.hasId() && record.id() == id) {
        return record;
      }
    }
    throw new NoSuchElementException("the input lacks an event of the load");
  }

  private static long number(LogRecord record) {
    ChatValue.Numbered post = ChatValue.numbered(record.value());
    return post == null ? 0 : post.index();
  }

  private static boolean isOfLoad(Recording run, LogRecord record) {
    return record.hasId() && run.plan().indexOf(record.id()) >= 0;
  }

  private static Forgery forged(
      String topic, LogRecord record, String what, Expected expected, Change.Rewrite rewrite) {
    return Forgery.of(
        Witness.at(topic, record) + what, expected, new InLog(topic, record.partition(), rewrite));
  }
}
