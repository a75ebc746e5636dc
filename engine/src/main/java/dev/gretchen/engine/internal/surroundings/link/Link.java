package dev.gretchen.engine.internal.surroundings.link;

/// One end of a connection between two workers. Told apart by identity.
public interface Link {

  /// Puts a frame on its way. What it finds in its way is not waited for: a link that is not open
  /// yet, is closed, or whose other end does not read, takes nothing more.
  ///
  /// @param frame 1 to [Links#FRAME_BYTES_MAX] bytes
  /// @return whether it was taken, which says nothing of its arrival
  boolean send(byte[] frame);

  /// Closes this end; nothing more is told of it.
  void close();
}
