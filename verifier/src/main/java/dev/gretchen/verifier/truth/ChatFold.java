package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.contract.Mix;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// What must become of each event of a chat, in the order of one partition of its input.
///
/// All events of a user lie in one partition, so this is exact: a ban holds from its record on, an
/// unban lifts it from its own record on, and of a user who is not banned each post is admitted
/// unless its id is among those of the last [#REMEMBERED] that were. Records without an event id
/// are nobody's. Memory is that of the users.
public final class ChatFold implements Iterator<ChatFold.Decision> {

  /// How many of a user's admitted posts are remembered, so that a repeated one is found out.
  public static final int REMEMBERED = 16;

  private static final long NOT_BANNED = -1;

  /// What becomes of an event.
  public enum Fate {
    /// A post that must be in its room.
    ADMITTED,
    /// A post of a user who is banned.
    BANNED,
    /// A post that was admitted a short while before.
    REPEATED,
    /// It breaks a rule and must be a dead letter.
    DEAD,
    /// It changes who is banned.
    MODERATION,
    /// It is not judged.
    NONE
  }

  /// One event, and what must become of it.
  ///
  /// @param event null where the record holds none
  /// @param version the ban in force after it, -1 where its user is not banned then
  public record Decision(LogRecord record, Fate fate, @Nullable ChatEvent event, long version) {

    /// The post, where it is one.
    public ChatEvent.Post post() {
      if (event instanceof ChatEvent.Post post) {
        return post;
      }
      throw new IllegalStateException("a decision on " + event + " is on no post");
    }
  }

  private final Iterator<LogRecord> records;
  private final KeyIndex users = new KeyIndex();
  private final Longs versions = new Longs(NOT_BANNED);
  private final Longs admitted = new Longs(0);
  private final Longs ids = new Longs(0);

  /// At the beginning of a partition.
  public ChatFold(Iterator<LogRecord> records) {
    this.records = records;
  }

  @Override
  public boolean hasNext() {
    return records.hasNext();
  }

  @Override
  public Decision next() {
    LogRecord record = records.next();
    if (!record.hasId()) {
      return new Decision(record, Fate.NONE, null, NOT_BANNED);
    }
    ChatEvent event = ChatEvent.decode(record.key(), record.value());
    if (event == null) {
      return new Decision(record, Fate.DEAD, null, NOT_BANNED);
    }
    int user = users.add(event.user().getBytes(StandardCharsets.UTF_8), 0);
    Fate fate =
        switch (event) {
          case ChatEvent.Ban _ -> {
            versions.set(user, record.offset());
            yield Fate.MODERATION;
          }
          case ChatEvent.Unban _ -> {
            versions.set(user, NOT_BANNED);
            yield Fate.MODERATION;
          }
          case ChatEvent.Post _ -> post(user, record.id());
        };
    return new Decision(record, fate, event, versions.get(user));
  }

  private Fate post(int user, long id) {
    if (versions.get(user) != NOT_BANNED) {
      return Fate.BANNED;
    }
    long count = admitted.get(user);
    for (long i = Math.max(0, count - REMEMBERED); i < count; i++) {
      if (ids.get(place(user, i)) == id) {
        return Fate.REPEATED;
      }
    }
    ids.set(place(user, count), id);
    admitted.add(user, 1);
    return Fate.ADMITTED;
  }

  private static int place(int user, long number) {
    return user * REMEMBERED + (int) (number % REMEMBERED);
  }

  /// A hash of the ids of a user's last admitted posts, in their order.
  public long remembered(String user) {
    int slot = users.find(user.getBytes(StandardCharsets.UTF_8), 0);
    long hash = 0;
    long count = slot < 0 ? 0 : admitted.get(slot);
    for (long i = Math.max(0, count - REMEMBERED); i < count; i++) {
      hash = chained(hash, ids.get(place(slot, i)));
    }
    return hash;
  }

  /// A hash of some ids in their order, from the hash of those before the last.
  public static long chained(long hash, long id) {
    return Mix.mix(hash + 1) + id;
  }
}
