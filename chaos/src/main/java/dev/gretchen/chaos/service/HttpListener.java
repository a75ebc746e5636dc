package dev.gretchen.chaos.service;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A small HTTP/1.1 server on loopback, down to the sockets: what it is for is to break them in
/// every way that a network can.
final class HttpListener implements AutoCloseable {

  /// Serves one request; the reply says in which way.
  interface Handler {
    void serve(Request request, Reply reply) throws IOException, InterruptedException;
  }

  private static final int BACKLOG = 512;

  private final String name;
  private final int port;
  private final Handler handler;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ServerSocket server;

  HttpListener(String name, int port, Handler handler) {
    this.name = name;
    this.port = port;
    this.handler = handler;
  }

  int port() {
    return port;
  }

  /// Listens; again where it did not.
  void open() {
    ServerSocket socket = bind();
    server = socket;
    Thread.ofVirtual().name(name + " accepts").start(() -> accept(socket));
  }

  private ServerSocket bind() {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
      return socket;
    } catch (IOException e) {
      throw new EnvironmentFailure(
          name + " cannot listen on 127.0.0.1:" + port + ": " + e.getMessage(), e);
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        // one more may slip through while the socket is being closed
        if (server != socket) {
          Reply.reset(connection);
          continue;
        }
        connection.setTcpNoDelay(true);
        connections.add(connection);
        Thread.ofVirtual().name(name + " serves").start(() -> serve(connection));
      } catch (IOException _) {
        // closed, or one connection failed: the loop's condition decides
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      BufferedInputStream in = new BufferedInputStream(connection.getInputStream());
      Reply reply = new Reply(connection, in);
      while (!reply.isOver()) {
        Request request = RequestReader.read(in);
        if (request == null) {
          return;
        }
        handler.serve(request, reply);
      }
    } catch (IOException _) {
      // the caller is gone, or was cut off
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
    }
  }

  /// Cuts all connections.
  ///
  /// @return how many there were
  int cut() {
    int cut = 0;
    for (Socket connection : connections) {
      Reply.reset(connection);
      cut++;
    }
    return cut;
  }

  /// Listens no more; connections that stand go on.
  void refuse() {
    ServerSocket socket = server;
    server = null;
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new EnvironmentFailure(name + " cannot stop listening: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public void close() {
    refuse();
    cut();
  }
}
