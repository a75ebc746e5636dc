package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.Ports;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The service that is called over HTTP: a server in a process of its own, so that its work is not
/// the worker's.
final class CallService implements AutoCloseable {

  private static final Duration UP_BOUND = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(50);

  /// More than there are calls at a time: a server that closes idle connections would fail calls.
  /// And each answer leaves at once, not when the one before was acknowledged.
  private static final List<String> JVM =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-Dsun.net.httpserver.maxIdleConnections=2000",
          "-Dsun.net.httpserver.nodelay=true");

  private final Child server;
  private final URI address;

  private CallService(Child server, URI address) {
    this.server = server;
    this.address = address;
  }

  /// Starts it, and waits until it takes connections.
  ///
  /// @throws EnvironmentFailure where it does not come up
  static CallService start(EnrichmentOptions options, Processes processes)
      throws InterruptedException {
    int port;
    try {
      port = Ports.free(1).getFirst();
    } catch (IOException cause) {
      throw new EnvironmentFailure("no free port for the service: " + cause.getMessage(), cause);
    }
    Child server =
        processes.start(
            new Launch(
                "service",
                Side.programOn(
                    options.home().resolve("bench/target/lib"),
                    JVM,
                    "dev.gretchen.bench.stage.CallServer",
                    List.of(Integer.toString(port), Integer.toString(options.callMillis()))),
                Map.of(),
                options.out().resolve("logs").resolve("service.log")));
    CallService service = new CallService(server, URI.create("http://127.0.0.1:" + port + "/"));
    try {
      service.awaitUp(port);
      return service;
    } catch (EnvironmentFailure | InterruptedException failure) {
      server.kill();
      throw failure;
    }
  }

  private void awaitUp(int port) throws InterruptedException {
    long deadline = System.nanoTime() + UP_BOUND.toNanos();
    while (!isUp(port)) {
      if (!server.isAlive() || System.nanoTime() > deadline) {
        throw new EnvironmentFailure(
            "the service does not take connections; its log ends with\n" + server.logTail(10));
      }
      Thread.sleep(POLL);
    }
  }

  private static boolean isUp(int port) {
    try (Socket probe = new Socket()) {
      probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  URI address() {
    return address;
  }

  @Override
  public void close() {
    server.kill();
  }
}
