package dev.gretchen.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Runs the simulation on a virtual thread while the test's own thread waits: a fiber's turn is
/// then a switch between virtual threads, several times quicker than waking a platform thread.
///
/// If the test's thread is interrupted (by a time-out, say), the simulation is told by
/// [#isInterrupted], and the interrupt stays set.
final class Turns {

  private static final Duration INTERRUPTED_BOUND = Duration.ofSeconds(5);

  private volatile boolean interrupted;

  /// Whether the simulation is to end early.
  boolean isInterrupted() {
    return interrupted;
  }

  /// Runs a part to its end.
  ///
  /// @param part must not throw
  void run(Runnable part) {
    CountDownLatch done = new CountDownLatch(1);
    Thread.ofVirtual()
        .name("app-tester")
        .start(() -> {
          try {
            part.run();
          } finally {
            done.countDown();
          }
        });
    try {
      done.await();
    } catch (InterruptedException _) {
      interrupted = true;
      awaitEnd(done);
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitEnd(CountDownLatch done) {
    try {
      if (done.await(INTERRUPTED_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      // asked twice
    }
    Thread.currentThread().interrupt();
    throw new IllegalStateException(
        "the test was interrupted, and a handler that is running does not come back");
  }
}
