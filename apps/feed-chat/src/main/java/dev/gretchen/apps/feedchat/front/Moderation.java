package dev.gretchen.apps.feedchat.front;

import dev.gretchen.apps.feedchat.ChatEvent;
import dev.gretchen.engine.Appended;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/// Bans and unbans, on behalf of somebody who has shown to be a moderator. Any thread.
final class Moderation {

  private final EventLog events;

  Moderation(EventLog events) {
    this.events = events;
  }

  /// @param by a valid name
  /// @throws IllegalArgumentException for a reason that breaks the rules
  void ban(String user, String by, String reason, Consumer<Appended> told) {
    events.append(user, new ChatEvent.Ban(by, reason), newId(), told);
  }

  /// @param by a valid name
  void unban(String user, String by, Consumer<Appended> told) {
    events.append(user, new ChatEvent.Unban(by), newId(), told);
  }

  private static long newId() {
    return ThreadLocalRandom.current().nextLong();
  }
}
