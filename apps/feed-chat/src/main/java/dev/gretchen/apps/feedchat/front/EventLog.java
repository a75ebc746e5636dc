package dev.gretchen.apps.feedchat.front;

import dev.gretchen.apps.feedchat.ChatEvent;
import dev.gretchen.engine.Appended;
import java.util.function.Consumer;

/// Where posts and bans go: topic `chat-events`. Any thread; does not wait.
@FunctionalInterface
interface EventLog {

  /// Appends an event of a user.
  ///
  /// @param id the event id
  /// @param told once, from any thread
  void append(String user, ChatEvent event, long id, Consumer<Appended> told);
}
