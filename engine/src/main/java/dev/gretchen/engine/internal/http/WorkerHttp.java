package dev.gretchen.engine.internal.http;

import dev.gretchen.engine.internal.worker.WorkerCannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The worker's HTTP server, on loopback.
public final class WorkerHttp implements WorkerEndpoints {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerHttp.class);
  private static final int THREADS_MAX = 12;
  private static final int THREADS_MIN = 1;
  private static final String LOOPBACK = "127.0.0.1";

  /// Connections that the kernel keeps until they are accepted: clients of a worker that has died
  /// come to the others all at once.
  private static final int BACKLOG = 4_096;

  /// A key in a path may hold what paths are made of.
  private static final UriCompliance KEYS_IN_PATHS =
      UriCompliance.DEFAULT.with(
          "keys",
          UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
          UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING);

  private final Server server;
  private final ServerConnector connector;

  private WorkerHttp(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /// Takes the port, so that a port in use is found before anything else is started.
  ///
  /// @throws WorkerCannotStart if the port is taken
  public static WorkerHttp open(int port, HttpSurface surface) {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, THREADS_MIN);
    threads.setName("http");
    threads.setDaemon(true);
    Server server = new Server(threads);
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setUriCompliance(KEYS_IN_PATHS);
    ServerConnector connector =
        new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
    try {
      ServerSocketChannel channel = ServerSocketChannel.open();
      try {
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), port), BACKLOG);
      } catch (IOException taken) {
        channel.close();
        throw taken;
      }
      connector.open(channel);
    } catch (IOException taken) {
      throw new WorkerCannotStart(
          "HTTP port "
              + port
              + " on "
              + LOOPBACK
              + " cannot be taken ("
              + taken.getMessage()
              + "); choose another with --http-port, or 0 for any free one");
    }
    server.addConnector(connector);
    server.setHandler(
        new Endpoints(
            surface,
            new AppEndpoints(
                surface.routes(),
                surface.viewers(),
                new SocketUpgrade(server.getByteBufferPool(), threads))));
    return new WorkerHttp(server, connector);
  }

  @Override
  public void start() {
    try {
      server.start();
    } catch (Exception failure) {
      throw new WorkerCannotStart("the HTTP server cannot start: " + failure);
    }
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
      connector.close();
    } catch (Exception failure) {
      LOG.atWarn().addKeyValue("cause", failure.toString()).log("HTTP server did not stop cleanly");
    }
  }
}
