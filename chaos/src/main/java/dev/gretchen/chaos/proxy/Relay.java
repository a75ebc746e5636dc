package dev.gretchen.chaos.proxy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;

/// One connection of a worker to a broker: two sockets and a [Pump] for each way. Each side may end
/// what it says; a broken side ends both.
final class Relay {
  private static final int WAYS = 2;

  private final Link link;
  private final int broker;
  private final SocketChannel worker;
  private final SocketChannel server;
  private final AtomicInteger ended = new AtomicInteger();

  Relay(Link link, int broker, SocketChannel worker, SocketChannel server) {
    this.link = link;
    this.broker = broker;
    this.worker = worker;
    this.server = server;
  }

  int broker() {
    return broker;
  }

  Link link() {
    return link;
  }

  void start() {
    Requests requests = new Requests();
    start(new Pump(this, Direction.TO_BROKER, worker, server, requests));
    start(new Pump(this, Direction.FROM_BROKER, server, worker, requests));
  }

  private void start(Pump pump) {
    Thread.ofVirtual().name("link " + link.name() + " broker " + broker).start(pump);
  }

  /// @param orderly whether it came to the end of what its side had to say
  void pumpEnded(boolean orderly) {
    if (!orderly || ended.incrementAndGet() == WAYS) {
      close();
    }
  }

  /// Ends both sides, as a process that closes its socket does.
  void close() {
    close(worker);
    close(server);
    link.gone(this);
  }

  /// Ends both sides with a TCP reset.
  void reset() {
    lingerNot(worker);
    lingerNot(server);
    close();
  }

  private static void lingerNot(SocketChannel channel) {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException _) {
      // it is closed already
    }
  }

  static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // it is of no use any more either way
    }
  }
}
