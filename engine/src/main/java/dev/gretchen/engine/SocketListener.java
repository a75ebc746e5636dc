package dev.gretchen.engine;

/// What a front does with what comes from one client. Called by one thread at a time, which belongs
/// to the server: nothing here may wait.
public interface SocketListener {

  /// The client has sent a text message.
  void said(String text);

  /// Something came from the client, a message or a sign of life. Called before [#said].
  void heard();

  /// The connection is over; nothing is called after this.
  ///
  /// @param code of the close, 1006 where there was none
  void closed(int code);
}
