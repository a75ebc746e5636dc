package dev.gretchen.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns Ctrl-C and SIGTERM into an interrupt of the thread that runs the command, and keeps the
/// JVM alive until it has cleaned up.
final class CtrlC implements AutoCloseable {

  private static final Duration CLEAN_UP_BOUND = Duration.ofSeconds(170);

  private final Thread hook;
  private final CountDownLatch done = new CountDownLatch(1);

  private CtrlC(Thread runs) {
    this.hook =
        Thread.ofPlatform()
            .name("ctrl-c")
            .unstarted(() -> {
              runs.interrupt();
              try {
                if (!done.await(CLEAN_UP_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                  System.err.println(
                      "stopping takes too long; the watcher process ends what is left");
                }
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(ExitStatus.INTERRUPTED);
            });
  }

  static CtrlC interruptsThisThread() {
    CtrlC ctrlC = new CtrlC(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(ctrlC.hook);
    return ctrlC;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // the JVM is going down: the hook waits for us
    }
    done.countDown();
  }
}
