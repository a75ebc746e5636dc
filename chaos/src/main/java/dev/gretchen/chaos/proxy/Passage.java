package dev.gretchen.chaos.proxy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;

/// One connection of a client to a worker: two sockets, and a virtual thread for each way. Bytes go
/// through as they come, unless the entrance holds them: then they stay where they are, and whoever
/// sends more than the sockets' buffers take has to wait.
final class Passage {
  private static final int WAYS = 2;
  private static final int BUFFER_BYTES = 8 * 1024;

  /// What a worker can send to a client that takes nothing ends somewhere: with the buffers that
  /// kernels like to give, a fault of seconds would not be felt.
  static final int RECEIVE_BUFFER_BYTES = 16 * 1024;

  private final Entrance entrance;
  private final SocketChannel client;
  private final SocketChannel worker;
  private final AtomicInteger ended = new AtomicInteger();

  Passage(Entrance entrance, SocketChannel client, SocketChannel worker) {
    this.entrance = entrance;
    this.client = client;
    this.worker = worker;
  }

  void start() {
    start(client, worker);
    start(worker, client);
  }

  private void start(SocketChannel from, SocketChannel to) {
    Thread.ofVirtual().name("entrance " + entrance.name()).start(() -> pass(from, to));
  }

  private void pass(SocketChannel from, SocketChannel to) {
    ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES);
    try {
      while (from.read(bytes.clear()) >= 0) {
        entrance.awaitFlow(this);
        bytes.flip();
        while (bytes.hasRemaining()) {
          to.write(bytes);
        }
      }
      to.shutdownOutput();
      if (ended.incrementAndGet() == WAYS) {
        close();
      }
    } catch (IOException _) {
      // a broken side ends both
      close();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      close();
    }
  }

  /// Ends both sides, as a process that closes its socket does.
  void close() {
    Relay.close(client);
    Relay.close(worker);
    entrance.gone(this);
  }

  /// Ends both sides with a TCP reset.
  void reset() {
    for (SocketChannel side : new SocketChannel[] {client, worker}) {
      try {
        side.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException _) {
        // it is closed already
      }
    }
    close();
  }
}
