package dev.gretchen.testkit;

import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimSurroundings;
import dev.gretchen.testkit.sim.SimulationFailure;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Drives virtual time until the app is where a test wants it, or until it is plain that it never
/// will be. What goes wrong is thrown on the test's own thread, so that its stack names the line of
/// the test; from then on nothing is driven any more.
final class Driver {

  /// Between two looks.
  private static final Duration SLICE = Duration.ofMillis(1);

  /// So long without a commit, though there is something to commit: longer than a handler's patient
  /// retries take.
  private static final Duration STUCK_AFTER = Duration.ofMinutes(10);

  private static final Duration START_MAX = Duration.ofMinutes(1);

  /// So many events that the app sends itself, between two looks of the test, are a circle.
  private static final long OWN_EVENTS_MAX = 200_000;

  private final String app;
  private final Scheduler scheduler;
  private final Slot slot;
  private final Standing standing;
  private final Turns turns = new Turns();
  private @Nullable RuntimeException broken;

  private record Failure(String message, Throwable cause) {}

  Driver(String app, Scheduler scheduler, Slot slot, Standing standing) {
    this.app = app;
    this.scheduler = scheduler;
    this.slot = slot;
    this.standing = standing;
  }

  /// Lets time pass.
  ///
  /// @throws IllegalStateException if the worker fails, or the simulation cannot go on
  void run(Duration duration) {
    drive(() -> pass(duration));
  }

  /// Does something to the worker, then waits until it has its partitions and its tables are
  /// complete.
  void untilReady(Runnable first) {
    drive(() -> {
      first.run();
      return pass(standing::isReady, "is not ready");
    });
  }

  /// Does something to the worker, then waits until it has ended.
  void untilEnded(Runnable first) {
    drive(() -> {
      first.run();
      return pass(slot::hasEnded, "does not stop");
    });
  }

  /// Does something to the worker, then waits until that is done.
  void untilDone(Runnable first, BooleanSupplier done, String otherwise) {
    drive(() -> {
      first.run();
      return pass(done, otherwise);
    });
  }

  /// Waits until everything that was piped, everything that timers were to do until now, and
  /// everything that follows from it, is handled, committed and in the tables.
  void settle() {
    drive(this::passUntilSettled);
  }

  /// Ends everything.
  void close() {
    turns.run(scheduler::close);
  }

  private void drive(Supplier<@Nullable Failure> part) {
    if (broken != null) {
      throw new IllegalStateException(
          "this tester of app " + app + " has ended with an earlier failure", broken);
    }
    Failure[] failure = new Failure[1];
    turns.run(() -> failure[0] = caught(part));
    if (failure[0] != null) {
      IllegalStateException thrown =
          new IllegalStateException(failure[0].message(), failure[0].cause());
      broken = thrown;
      throw thrown;
    }
  }

  private @Nullable Failure caught(Supplier<@Nullable Failure> part) {
    try {
      return part.get();
    } catch (SimulationFailure failure) {
      return new Failure(
          "the test of app "
              + app
              + " cannot go on: "
              + failure.getMessage()
              + "\nA handler that waits for the outside takes what it waits for as an argument, and gets a fake in a test.",
          failure);
    } catch (Throwable bug) {
      return new Failure("the test of app " + app + " cannot go on: " + bug, bug);
    }
  }

  private @Nullable Failure pass(Duration duration) {
    scheduler.run(() -> slot.failure() != null || turns.isInterrupted(), duration);
    Throwable failure = slot.failure();
    if (failure != null) {
      return new Failure("the worker of app " + app + " failed: " + failure.getMessage(), failure);
    }
    return turns.isInterrupted() ? stuck("the test of app " + app + " was interrupted") : null;
  }

  private @Nullable Failure pass(BooleanSupplier until, String otherwise) {
    long end = scheduler.now() + START_MAX.toNanos();
    while (!until.getAsBoolean()) {
      if (scheduler.now() >= end) {
        return stuck(
            "the worker of app "
                + app
                + " "
                + otherwise
                + " after "
                + START_MAX.toSeconds()
                + " s of virtual time");
      }
      Failure failure = pass(SLICE);
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  private @Nullable Failure passUntilSettled() {
    long ends = standing.ends();
    long committed = -1;
    long since = scheduler.now();
    long millis = SimSurroundings.BEGINNING.toEpochMilli() + since / 1_000_000;
    while (!standing.isSettled(millis)) {
      Failure failure = pass(SLICE);
      if (failure != null) {
        return failure;
      }
      if (standing.committed() > committed) {
        committed = standing.committed();
        since = scheduler.now();
      }
      if (scheduler.now() - since > STUCK_AFTER.toNanos()) {
        return stuck(
            "app "
                + app
                + " is stuck: nothing was committed for "
                + STUCK_AFTER.toMinutes()
                + " minutes of virtual time");
      }
      if (standing.ends() - ends > OWN_EVENTS_MAX) {
        return stuck(
            "app "
                + app
                + " has no end: it sent itself more than "
                + OWN_EVENTS_MAX
                + " events; does an agent send to a topic that leads back to it?");
      }
    }
    return null;
  }

  private Failure stuck(String message) {
    return new Failure(message, new IllegalStateException(standing.text()));
  }
}
