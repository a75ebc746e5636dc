package dev.gretchen.engine;

import java.nio.ByteBuffer;

/// The WebSocket connection of one client, this worker's end of it. Any thread.
///
/// Nothing here waits. What is sent waits in memory until the client takes it, so whoever sends
/// keeps to one message under way at a time, or to another bound of its own.
public interface Socket {

  /// Told when a message has left, or cannot any more. Called once, from any thread, possibly
  /// before [Socket#send] returns.
  @FunctionalInterface
  interface Sent {

    /// @param hasLeft false where the connection is over
    void told(boolean hasLeft);
  }

  /// Sends a text message.
  ///
  /// @param utf8 what it says; not to be altered until it has left
  void send(ByteBuffer utf8, Sent sent);

  /// Asks the client for a sign of life; its answer is told as [SocketListener#heard].
  void ping();

  /// Says goodbye: what still waits to be sent is dropped, then the client is told why. It is over
  /// when [SocketListener#closed] is called, which takes the client's answer.
  ///
  /// @param code 1000, 1001, 1003, 1007 to 1011, or 4000 to 4999
  /// @param reason at most 123 bytes of UTF-8
  void close(int code, String reason);

  /// Ends the connection at once, without a word.
  void cut();
}
