package dev.gretchen.apps.feedchat.front;

/// What all connections of a worker share. Any thread.
///
/// @param onClosed told of each connection that is over
record Desk(
    ServerFrames.Served served,
    FrontOptions options,
    PostRates rates,
    EventLog events,
    Moderation moderation,
    Runnable onClosed) {

  ModeratorToken token() {
    return options.access().token();
  }

  void closed() {
    onClosed.run();
  }
}
