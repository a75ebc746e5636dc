package dev.gretchen.chaos.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Bounded waits that an interrupt does not cut short, for cleaning up: a thread that was told to
/// stop must still leave nothing behind. The interrupt is set again afterwards.
final class Waits {
  private Waits() {}

  /// Whether the process has exited within the time.
  static boolean exited(Process process, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
