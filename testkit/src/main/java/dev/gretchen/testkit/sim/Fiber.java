package dev.gretchen.testkit.sim;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Code that runs in turns. It has a virtual thread of its own, but never runs beside anything: the
/// scheduler gives it the turn and sleeps until it gives the turn back, at a point of the engine or
/// at its end.
///
/// A fiber that waits for something else than its turn (a lock, a socket, a real sleep) would be
/// woken by the world and not by the seed, so nothing that follows could be repeated. The scheduler
/// sees that the thread sleeps with the turn in its hand, and fails the simulation. So it does with
/// one that computes and never ends. Such a fiber is *stuck*; at the end it is interrupted, and
/// left alone if that does not help.
final class Fiber {

  /// How long the scheduler sleeps before it looks at a thread that has not given back the turn.
  private static final long LOOK_NANOS = 20_000_000;

  /// How often it may be found asleep: once may be a page fault or a class being loaded.
  private static final int ASLEEP_MAX = 25;

  /// How often it may be found at work: half a minute of one turn is no simulation any more.
  private static final int AT_WORK_MAX = 1_500;

  /// How often a stuck one is looked at, once it has been interrupted.
  private static final int STUCK_MAX = 10;

  private final SimProcess process;
  private final String name;
  private final Consumer<@Nullable Throwable> whenEnded;
  private final Thread thread;
  private volatile @Nullable Thread scheduler;
  private volatile boolean hasTurn;
  private volatile boolean ended;
  private boolean stuck;
  private @Nullable Throwable failure;

  // guarded by the turn
  private long waitNumber;
  private boolean answer;

  /// @param whenEnded told what the body threw, or null
  Fiber(SimProcess process, String name, Runnable body, Consumer<@Nullable Throwable> whenEnded) {
    this.process = process;
    this.name = name;
    this.whenEnded = whenEnded;
    this.thread =
        Thread.ofVirtual()
            .name("sim-" + process.name() + "-" + name)
            .unstarted(() -> {
              awaitTurn();
              try {
                if (!process.isKilled()) {
                  body.run();
                }
              } catch (Killed _) {
                // the end that was meant for it
              } catch (Throwable thrown) {
                failure = thrown;
              }
              ended = true;
              giveTurnBack();
            });
  }

  SimProcess process() {
    return process;
  }

  String name() {
    return name;
  }

  boolean hasEnded() {
    return ended;
  }

  Consumer<@Nullable Throwable> ended() {
    return whenEnded;
  }

  /// What its body threw, or null.
  @Nullable Throwable failure() {
    return failure;
  }

  /// The number of the wait that it is in; a wake-up for an earlier one comes too late.
  long waitNumber() {
    return waitNumber;
  }

  void begin() {
    thread.start();
  }

  /// Gives it the turn, with the answer to what it waits for; returns when it has given it back.
  /// For the scheduler.
  void run(boolean answerToWait) {
    answer = answerToWait;
    waitNumber++;
    scheduler = Thread.currentThread();
    hasTurn = true;
    if (stuck) {
      thread.interrupt();
    }
    LockSupport.unpark(thread);
    int asleep = 0;
    int atWork = 0;
    while (hasTurn) {
      LockSupport.parkNanos(this, LOOK_NANOS);
      if (hasTurn) {
        Thread.State state = thread.getState();
        boolean sleeps =
            state == Thread.State.WAITING
                || state == Thread.State.TIMED_WAITING
                || state == Thread.State.BLOCKED;
        asleep = sleeps ? asleep + 1 : 0;
        atWork++;
        if (asleep > (stuck ? STUCK_MAX : ASLEEP_MAX)) {
          stuck = true;
          throw new SimulationFailure(
              found(
                  "waits for something outside the simulation (a lock, a socket, a sleep);"
                      + " simulated code may wait in the engine only"));
        }
        if (atWork > (stuck ? STUCK_MAX : AT_WORK_MAX)) {
          stuck = true;
          throw new SimulationFailure(found("works and works and never gives its turn back"));
        }
      }
    }
  }

  /// Whether it was found not to give its turn back.
  boolean isStuck() {
    return stuck;
  }

  private String found(String what) {
    StringBuilder text =
        new StringBuilder("fiber ")
            .append(name)
            .append(" of ")
            .append(process)
            .append(' ')
            .append(what)
            .append(". It stands at");
    for (StackTraceElement frame : thread.getStackTrace()) {
      text.append("\n    ").append(frame);
    }
    return text.toString();
  }

  /// Gives the turn back and waits for the next; returns the answer that comes with it. For the
  /// fiber itself.
  boolean yieldTurn() {
    giveTurnBack();
    awaitTurn();
    return answer;
  }

  private void giveTurnBack() {
    hasTurn = false;
    LockSupport.unpark(scheduler);
  }

  private void awaitTurn() {
    while (!hasTurn) {
      LockSupport.park(this);
    }
  }
}
