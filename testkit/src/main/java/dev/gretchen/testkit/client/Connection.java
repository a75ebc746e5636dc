package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Network;
import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimMonitor;
import dev.gretchen.testkit.sim.SimProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One client's way to the cluster: requests with a bound, timers, and a place to wait.
///
/// A request's outcome is told once, on the scheduler's own turn: the reply, or null where it is
/// lost or late. After [#close] nothing is told any more.
final class Connection {

  /// Waits without a bound are cut into pieces, so that no event lies in the queue for ever.
  private static final Duration PIECE = Duration.ofSeconds(5);

  private final Network network;
  private final Scheduler scheduler;
  private final SimProcess process;
  private final LongSupplier wallMillis;
  private final SimMonitor monitor;
  private final Set<Pending<?>> pending = new LinkedHashSet<>();
  private long timerAt = Long.MAX_VALUE;
  private long changes;
  private boolean closed;

  private static final class Pending<R extends Reply> {
    final long deadline;
    final Consumer<@Nullable R> outcome;

    Pending(long deadline, Consumer<@Nullable R> outcome) {
      this.deadline = deadline;
      this.outcome = outcome;
    }
  }

  Connection(Network network, SimProcess process, LongSupplier wallMillis) {
    this.network = network;
    this.scheduler = network.scheduler();
    this.process = process;
    this.wallMillis = wallMillis;
    this.monitor = new SimMonitor(scheduler);
  }

  Scheduler scheduler() {
    return scheduler;
  }

  SimProcess process() {
    return process;
  }

  /// Virtual nanoseconds.
  long now() {
    return scheduler.now();
  }

  /// What a clock on the wall shows.
  long wallMillis() {
    return wallMillis.getAsLong();
  }

  /// Whether this runs on the scheduler's own turn, where nothing may wait: in the client's
  /// background, as it were.
  boolean isBackground() {
    return scheduler.currentProcess() == null;
  }

  <R extends Reply> void send(Request<R> request, Duration bound, Consumer<@Nullable R> outcome) {
    scheduler.requireAlive();
    Pending<R> waiting = new Pending<>(now() + bound.toNanos(), outcome);
    pending.add(waiting);
    network.send(process, request, reply -> settle(waiting, reply));
    arm(waiting.deadline);
  }

  private <R extends Reply> void settle(Pending<R> waiting, @Nullable R reply) {
    if (pending.remove(waiting) && !closed) {
      waiting.outcome.accept(reply);
      changed();
    }
  }

  /// One timer for all that is pending: most of it is answered long before.
  private void arm(long deadline) {
    if (deadline < timerAt) {
      timerAt = deadline;
      scheduler.after(process, deadline - now(), () -> expire(deadline));
    }
  }

  private void expire(long armedFor) {
    if (armedFor != timerAt) {
      return;
    }
    timerAt = Long.MAX_VALUE;
    List<Pending<?>> late = new ArrayList<>();
    long next = Long.MAX_VALUE;
    for (Pending<?> waiting : pending) {
      if (waiting.deadline <= now()) {
        late.add(waiting);
      } else {
        next = Math.min(next, waiting.deadline);
      }
    }
    late.forEach(waiting -> settle(waiting, null));
    if (next < Long.MAX_VALUE) {
      arm(next);
    }
  }

  /// Sends a request and waits for its outcome, in a fiber.
  <R extends Reply> @Nullable R call(Request<R> request, Duration bound) {
    Answer<R> answer = new Answer<>();
    send(
        request,
        bound,
        reply -> {
          answer.reply = reply;
          answer.arrived = true;
        });
    await(() -> answer.arrived, bound.plusMillis(1));
    return answer.reply;
  }

  private static final class Answer<R> {
    private @Nullable R reply;
    private boolean arrived;
  }

  /// Has something happen in the background after a time, unless the client is closed by then.
  void after(long nanos, Runnable action) {
    scheduler.after(
        process,
        nanos,
        () -> {
          if (!closed) {
            action.run();
          }
        });
  }

  /// As [#after], a moment from now.
  void soon(Runnable action) {
    scheduler.soon(
        process,
        () -> {
          if (!closed) {
            action.run();
          }
        });
  }

  /// Waits, in a fiber; the condition is looked at after each reply and each [#changed].
  boolean await(BooleanSupplier condition, Duration bound) {
    scheduler.requireAlive();
    return monitor.await(condition, bound);
  }

  /// Waits, in a fiber, as long as it takes.
  void await(BooleanSupplier condition) {
    while (!await(condition, PIECE)) {
      // a piece of the wait is over
    }
  }

  void sleep(long nanos) {
    scheduler.requireAlive();
    scheduler.sleep(nanos);
  }

  /// Something that a waiting fiber may look at has changed.
  void changed() {
    changes++;
    monitor.signal();
  }

  /// How often something has changed: replies, and what the client says has changed.
  long changes() {
    return changes;
  }

  void close() {
    closed = true;
    pending.clear();
  }
}
