package dev.gretchen.engine.internal.surroundings.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;

/// A socket as one end of a link. The queue is filled by any thread; everything else is confined to
/// the harbour's.
final class SocketLink implements Link {

  /// Frames that wait for a socket that takes no more. The other end has not read for long then,
  /// and what it would read is stale.
  private static final int WAITING_MAX = 16;

  private final SocketHarbour harbour;
  private final SocketChannel channel;
  private final long since;
  private final Frames frames = new Frames();
  private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();
  private volatile boolean open;
  private volatile boolean closed;

  /// @param since when it was asked for, in nanoseconds
  SocketLink(SocketHarbour harbour, SocketChannel channel, long since) {
    this.harbour = harbour;
    this.channel = channel;
    this.since = since;
  }

  @Override
  public boolean send(byte[] frame) {
    ByteBuffer framed = Frames.framed(frame);
    if (!open || closed) {
      return false;
    }
    synchronized (waiting) {
      if (waiting.size() >= WAITING_MAX) {
        return false;
      }
      waiting.add(framed);
    }
    harbour.wantsToWrite(this);
    return true;
  }

  @Override
  public void close() {
    closed = true;
    harbour.wantsToClose(this);
  }

  SocketChannel channel() {
    return channel;
  }

  long since() {
    return since;
  }

  boolean isOpen() {
    return open;
  }

  boolean isClosed() {
    return closed;
  }

  /// The connection is there: introduces itself.
  void opened() {
    synchronized (waiting) {
      waiting.addFirst(Frames.introduction());
    }
    open = true;
  }

  void ended() {
    closed = true;
  }

  /// Writes what the socket takes; returns whether something is left.
  boolean write() throws IOException {
    while (true) {
      ByteBuffer next;
      synchronized (waiting) {
        next = waiting.peek();
      }
      if (next == null) {
        return false;
      }
      channel.write(next);
      if (next.hasRemaining()) {
        return true;
      }
      synchronized (waiting) {
        waiting.remove();
      }
    }
  }

  /// Reads what is there.
  ///
  /// @throws IOException if the other end is gone
  List<byte[]> read() throws IOException, Frames.Garbled {
    if (channel.read(frames.room()) < 0) {
      throw new IOException("closed by the other end");
    }
    return frames.take();
  }
}
