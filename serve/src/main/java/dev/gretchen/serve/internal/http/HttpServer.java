package dev.gretchen.serve.internal.http;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.function.BiFunction;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An HTTP server on one address and port.
public final class HttpServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final int THREADS_MAX = 16;
  private static final int THREADS_MIN = 1;

  private final Server server;
  private final ServerConnector connector;
  private final Door door;

  private HttpServer(Server server, ServerConnector connector, Door door) {
    this.server = server;
    this.connector = connector;
    this.door = door;
  }

  /// Takes a port and answers.
  ///
  /// @param port 0 for any free one
  /// @param refusals makes the answer to what is refused, of the path that was asked for and why
  /// @throws EnvironmentFailure if the port cannot be taken
  public static HttpServer start(
      InetAddress bind, int port, Routes routes, BiFunction<String, Refused, Answer> refusals) {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, THREADS_MIN);
    threads.setName("http");
    threads.setDaemon(true);
    Server server = new Server(threads);
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    ServerConnector connector =
        new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
    take(connector, bind, port);
    Door door = new Door(new Hosts(bind), routes, refusals);
    server.addConnector(connector);
    server.setHandler(door);
    server.setErrorHandler(door::refuse);
    try {
      server.start();
    } catch (Exception failure) {
      connector.close();
      throw new EnvironmentFailure("The HTTP server cannot start: " + failure, failure);
    }
    return new HttpServer(server, connector, door);
  }

  private static void take(ServerConnector connector, InetAddress bind, int port) {
    try {
      ServerSocketChannel channel = ServerSocketChannel.open();
      try {
        channel.bind(new InetSocketAddress(bind, port));
        connector.open(channel);
      } catch (IOException taken) {
        channel.close();
        throw taken;
      }
    } catch (IOException taken) {
      throw new EnvironmentFailure(
          "Port %d on %s cannot be taken (%s); choose another with --port, or 0 for any free one"
              .formatted(port, bind.getHostAddress(), taken.getMessage()),
          taken);
    }
  }

  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    door.endEvents();
    try {
      server.stop();
    } catch (Exception failure) {
      LOG.atWarn().addKeyValue("cause", failure.toString()).log("HTTP server did not stop cleanly");
    }
    connector.close();
  }
}
