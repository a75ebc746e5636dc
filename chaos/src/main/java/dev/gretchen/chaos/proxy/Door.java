package dev.gretchen.chaos.proxy;

import dev.gretchen.chaos.broker.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// The port of a link for one broker, and the virtual thread that accepts there.
final class Door {
  private static final int ATTEMPTS_MAX = 10;

  private final Link link;
  private final int broker;
  private final ServerSocketChannel server;
  private final int port;

  private Door(Link link, int broker, ServerSocketChannel server, int port) {
    this.link = link;
    this.broker = broker;
    this.server = server;
    this.port = port;
  }

  static Door open(Link link, int broker) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = Ports.free(1).getFirst();
      ServerSocketChannel server = ServerSocketChannel.open();
      try {
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Door door = new Door(link, broker, server, port);
        Thread.ofVirtual().name("door " + link.name() + " broker " + broker).start(door::accept);
        return door;
      } catch (IOException e) {
        server.close();
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  int port() {
    return port;
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel worker = server.accept();
        if (server.isOpen()) {
          link.accepted(worker, broker);
        } else {
          worker.close();
        }
      } catch (IOException _) {
        // closed, which ends the loop; or a connection that went before it was accepted
      }
    }
  }

  void close() {
    try {
      server.close();
    } catch (IOException _) {
      // nobody can connect any more either way
    }
  }
}
