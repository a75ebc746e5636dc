package dev.gretchen.apps.feedchat.front;

import dev.gretchen.apps.feedchat.ChatEvent;
import dev.gretchen.engine.TopicWriter;

/// What all connections of a worker share. Any thread.
///
/// @param onClosed told of each connection that is over
record Desk(
    ServerFrames.Served served,
    FrontOptions options,
    PostRates rates,
    TopicWriter<String, ChatEvent> events,
    Moderation moderation,
    Runnable onClosed) {

  ModeratorToken token() {
    return options.access().token();
  }

  void closed() {
    onClosed.run();
  }
}
