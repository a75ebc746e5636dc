package dev.gretchen.peers.worker;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// A peer's worker as a process: its command line, `/livez`, `/readyz` and `/standbys`, SIGTERM,
/// the end of its parent, exit statuses as those of an engine's worker.
public final class WorkerProcess {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int SURROUNDINGS = 3;
  private static final int USAGE = 64;

  private WorkerProcess() {}

  /// A program that runs.
  public interface Running {

    /// Whether it is a member of its group and nothing is recovering.
    boolean isReady();

    /// The copies of table partitions that it keeps for others, as JSON in the form of the
    /// contract's `GET /verify`.
    default String standbys() {
      return "[]";
    }

    /// Waits until it fails; returns why, or null when it has been stopped.
    @Nullable Throwable awaitEnd() throws InterruptedException;

    /// Drains, commits and leaves the group.
    void stop();
  }

  /// Runs a program until SIGTERM (exit status 0) or failure (1); bad options are 64.
  ///
  /// @param ownNames names of the peer's own options
  /// @param start starts the program
  @SuppressWarnings("SystemExitOutsideMain") // this is what every main of a peer consists of
  public static void run(
      String[] arguments, List<String> ownNames, Function<WorkerArguments, Running> start) {
    if ("1".equals(System.getenv("GRETCHEN_EXIT_WITH_STDIN"))) {
      endWithParent();
    }
    try {
      WorkerArguments read = WorkerArguments.of(List.of(arguments), System.getenv(), ownNames);
      Running running = start.apply(read);
      serve(read.httpPort(), running);
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .name("sigterm")
                  .unstarted(() -> {
                    running.stop();
                    Runtime.getRuntime().halt(OK);
                  }));
      Throwable failure = running.awaitEnd();
      if (failure != null) {
        System.err.println("worker failed: " + failure);
        Runtime.getRuntime().halt(FAILED);
      }
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(USAGE);
    } catch (KafkaException | UncheckedIOException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(SURROUNDINGS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void serve(int port, Running running) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      answer(server, "/livez", () -> true);
      answer(server, "/readyz", running::isReady);
      server.createContext(
          "/standbys",
          exchange -> {
            byte[] body = running.standbys().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.setExecutor(Runnable::run);
      server.start();
    } catch (IOException cause) {
      throw new UncheckedIOException("port " + port + " cannot be used: " + cause, cause);
    }
  }

  private static void answer(HttpServer server, String path, BooleanSupplier condition) {
    server.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(condition.getAsBoolean() ? 200 : 503, -1);
          exchange.close();
        });
  }

  /// The parent holds the other end of standard input: when it ends, however it ends, so do we.
  private static void endWithParent() {
    Thread.ofPlatform()
        .name("parent")
        .daemon()
        .start(() -> {
          try {
            while (System.in.read() >= 0) {
              // nothing is said this way
            }
          } catch (IOException closed) {
            System.err.println("standard input failed: " + closed);
          }
          System.err.println("worker ends: its parent is gone");
          Runtime.getRuntime().halt(SURROUNDINGS);
        });
  }
}
