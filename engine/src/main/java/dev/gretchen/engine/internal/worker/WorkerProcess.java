package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.internal.store.StoreUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker as a process: signals, the end of its parent, exit status.
public final class WorkerProcess {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);

  /// Ended as asked.
  private static final int OK = 0;

  /// The worker failed.
  private static final int FAILED = 1;

  /// Its surroundings kept it from starting, or its parent is gone.
  private static final int SURROUNDINGS = 3;

  private static final int USAGE = 64;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final String EXIT_WITH_STDIN = "GRETCHEN_EXIT_WITH_STDIN";

  private WorkerProcess() {}

  /// Runs until SIGTERM or failure; does not return.
  public static void run(Supplier<Engine> starting) {
    if ("1".equals(System.getenv(EXIT_WITH_STDIN))) {
      endWithParent();
    }
    Engine engine;
    try {
      engine = starting.get();
    } catch (IllegalArgumentException | IllegalStateException wrong) {
      exit(USAGE, wrong.getMessage());
      return;
    } catch (WorkerCannotStart | StoreUnavailable | KafkaException wrong) {
      exit(SURROUNDINGS, wrong.getMessage());
      return;
    }
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("sigterm")
                .unstarted(() -> {
                  engine.stop();
                  Runtime.getRuntime().halt(OK);
                }));
    while (true) {
      Throwable failure = engine.awaitEnd(LOOK_AGAIN);
      if (failure != null) {
        System.err.println("worker failed: " + failure.getMessage());
        Runtime.getRuntime().halt(FAILED);
      }
      if (engine.hasEnded()) {
        return;
      }
    }
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
            LOG.atDebug().addKeyValue("cause", closed.toString()).log("standard input closed");
          }
          System.err.println("worker ends: its parent is gone");
          Runtime.getRuntime().halt(SURROUNDINGS);
        });
  }

  private static void exit(int status, @Nullable String message) {
    System.err.println(message);
    System.exit(status);
  }
}
