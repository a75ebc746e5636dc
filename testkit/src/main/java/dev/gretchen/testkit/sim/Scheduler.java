package dev.gretchen.testkit.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/// The one source of order in a simulation: a queue of what is to happen, on a clock that jumps.
///
/// **Algorithm.** Discrete-event simulation: take the earliest event, set the clock to its time,
/// let it happen, repeat. Events of the same nanosecond happen in a random order, and whatever
/// becomes possible does not happen at once but after a small random time, so that each seed is
/// another interleaving. Code that waits runs as a [Fiber]; giving a fiber its turn is an event
/// too.
///
/// **Determinism.** One generator, asked in the order of events; one fiber at a time; no real time.
/// Equal seeds give equal [Trace]s, in every JVM.
///
/// Not thread-safe: used by the thread that calls [#run] and by the fibers that it runs.
public final class Scheduler {

  /// What becomes possible happens within this time, unless a process is slow.
  private static final long JITTER_NANOS = 20_000;

  /// So many events without progress of the clock are a loop.
  private static final int EVENTS_AT_ONE_TIME_MAX = 100_000;

  private final RandomGenerator random;
  private final Trace trace;
  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private final List<SimProcess> processes = new ArrayList<>();
  private long now;
  private long sequence;
  private long dispatched;
  private final SimProcess world;
  private @Nullable Fiber current;

  private record Event(long at, int tie, long sequence, SimProcess process, Runnable action)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      if (at != other.at) {
        return Long.compare(at, other.at);
      }
      return tie != other.tie
          ? Integer.compare(tie, other.tie)
          : Long.compare(sequence, other.sequence);
    }
  }

  public Scheduler(long seed, Trace trace) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.trace = trace;
    this.world = process("world");
  }

  /// The process that is never paused nor killed: brokers, and whoever plans the faults.
  public SimProcess world() {
    return world;
  }

  /// Virtual time in nanoseconds since the beginning.
  public long now() {
    return now;
  }

  /// The generator of all chance. Ask it in simulated code only.
  public RandomGenerator random() {
    return random;
  }

  public Trace trace() {
    return trace;
  }

  /// How many events have happened.
  public long dispatched() {
    return dispatched;
  }

  /// Makes a process.
  public SimProcess process(String name) {
    SimProcess process = new SimProcess(name, processes.size());
    processes.add(process);
    return process;
  }

  /// Notes a step of a process.
  public void note(SimProcess process, String what, long a, long b) {
    trace.note(now, process.name(), what, a, b);
  }

  /// Has something happen in a process, on the scheduler's own turn: it must not wait. Held back
  /// while the process is paused, dropped when it is killed.
  public void after(SimProcess process, long delayNanos, Runnable action) {
    queue.add(
        new Event(now + Math.max(0, delayNanos), random.nextInt(), sequence++, process, action));
  }

  /// As [#after], a moment from now.
  public void soon(SimProcess process, Runnable action) {
    after(process, jitter(), action);
  }

  /// Starts a fiber, a moment from now.
  ///
  /// @param ended told what the body threw, or null; not told of a fiber of a killed process
  public void start(
      SimProcess process, String name, Runnable body, Consumer<@Nullable Throwable> ended) {
    if (process.isKilled()) {
      return;
    }
    Fiber fiber = new Fiber(process, name, body, ended);
    process.add(fiber);
    fiber.begin();
    soon(process, () -> turn(fiber, true));
  }

  private void turn(Fiber fiber, boolean answer) {
    Fiber before = current;
    current = fiber;
    try {
      fiber.run(answer);
    } finally {
      current = before;
    }
    if (fiber.hasEnded()) {
      fiber.process().remove(fiber);
      Throwable failure = fiber.failure();
      if (failure instanceof SimulationFailure simulation) {
        throw simulation;
      }
      if (!fiber.process().isKilled()) {
        fiber.ended().accept(failure);
      }
    }
  }

  /// The process whose fiber has the turn; null on the scheduler's own turn.
  public @Nullable SimProcess currentProcess() {
    return current == null ? null : current.process();
  }

  /// Waits, in a fiber, until a condition holds or a time has passed; returns whether it holds. The
  /// condition is looked at now, at each call of [Wait#look] and at the end.
  ///
  /// @param waits holds the wait while it lasts, so that others can have the condition looked at
  boolean await(BooleanSupplier condition, long boundNanos, List<Wait> waits) {
    Fiber fiber = requiredFiber();
    requireAlive(fiber.process());
    if (condition.getAsBoolean()) {
      return true;
    }
    if (boundNanos <= 0) {
      return false;
    }
    Wait wait = new Wait(fiber, condition);
    waits.add(wait);
    after(fiber.process(), boundNanos, wait::expire);
    boolean holds = fiber.yieldTurn();
    waits.remove(wait);
    requireAlive(fiber.process());
    return holds;
  }

  /// Lets others have their turn, for a moment or for a given time.
  public void sleep(long nanos) {
    await(() -> false, Math.max(1, nanos), new ArrayList<>(1));
  }

  /// A moment's pause, so that others can come between.
  public void pause() {
    if (current != null) {
      sleep(jitter());
    }
  }

  /// A fiber's wait.
  final class Wait {
    private final Fiber fiber;
    private final BooleanSupplier condition;
    private final long number;
    private boolean looking;

    Wait(Fiber fiber, BooleanSupplier condition) {
      this.fiber = fiber;
      this.condition = condition;
      this.number = fiber.waitNumber();
    }

    /// Has the condition looked at, a moment from now.
    void look() {
      if (!looking) {
        looking = true;
        soon(
            fiber.process(),
            () -> {
              looking = false;
              if (isOpen() && condition.getAsBoolean()) {
                turn(fiber, true);
              }
            });
      }
    }

    private void expire() {
      if (isOpen()) {
        turn(fiber, condition.getAsBoolean());
      }
    }

    private boolean isOpen() {
      return !fiber.hasEnded() && fiber.waitNumber() == number;
    }
  }

  /// Ends a process: no further event of it happens, its fibers are unwound.
  public void kill(SimProcess process) {
    if (process.isKilled()) {
      return;
    }
    note(process, "killed", process.number(), 0);
    process.state(SimProcess.State.KILLED);
    process.takeHeldBack();
    process.takeWhenKilled().forEach(Runnable::run);
    unwind(process);
  }

  /// Ends the process of the fiber that has the turn, at once.
  public void killCurrent() {
    SimProcess process = requiredFiber().process();
    process.halt();
    note(process, "halted", process.number(), 0);
    // the others are unwound when this fiber has given its turn back
    after(
        world,
        0,
        () -> {
          process.takeHeldBack();
          process.takeWhenKilled().forEach(Runnable::run);
          unwind(process);
        });
    throw new Killed(process.name());
  }

  private void unwind(SimProcess process) {
    for (Fiber fiber : process.fibers()) {
      if (fiber != current) {
        try {
          turn(fiber, false);
        } catch (SimulationFailure failure) {
          if (!fiber.isStuck()) {
            throw failure;
          }
          // said before, when it was found stuck; it is left where it stands
        }
      }
    }
  }

  /// Holds back everything in a process.
  public void suspend(SimProcess process) {
    if (process.state() == SimProcess.State.RUNNING) {
      note(process, "paused", 0, 0);
      process.state(SimProcess.State.PAUSED);
    }
  }

  /// Lets a paused process go on; what was held back happens now, in a random order.
  public void resume(SimProcess process) {
    if (process.state() == SimProcess.State.PAUSED) {
      note(process, "resumed", 0, 0);
      process.state(SimProcess.State.RUNNING);
      process.takeHeldBack().forEach(action -> soon(process, action));
    }
  }

  /// Lets things happen until a condition holds or a time has passed; returns whether it holds.
  /// Events beyond the bound stay in the queue.
  ///
  /// @throws SimulationFailure if the simulation cannot go on
  public boolean run(BooleanSupplier until, Duration bound) {
    long end = now + bound.toNanos();
    int atOneTime = 0;
    while (!until.getAsBoolean()) {
      Event event = queue.peek();
      if (event == null || event.at() > end) {
        now = end;
        return until.getAsBoolean();
      }
      queue.remove();
      atOneTime = event.at() > now ? 0 : atOneTime + 1;
      if (atOneTime > EVENTS_AT_ONE_TIME_MAX) {
        throw new SimulationFailure(
            "time stands still at " + now + " ns: " + event.process() + " goes round in circles");
      }
      now = event.at();
      dispatch(event);
    }
    return true;
  }

  private void dispatch(Event event) {
    switch (event.process().state()) {
      case RUNNING -> {
        dispatched++;
        event.action().run();
      }
      case PAUSED -> event.process().holdBack(event.action());
      case KILLED -> {
        // nobody is there any more
      }
    }
  }

  /// Ends all processes, so that no thread is left behind.
  public void close() {
    List.copyOf(processes).forEach(this::kill);
    queue.clear();
  }

  /// @throws Killed if the fiber that has the turn belongs to a killed process
  public void requireAlive() {
    if (current != null) {
      requireAlive(current.process());
    }
  }

  private static void requireAlive(SimProcess process) {
    if (process.isKilled()) {
      throw new Killed(process.name());
    }
  }

  private Fiber requiredFiber() {
    Fiber fiber = current;
    if (fiber == null) {
      throw new SimulationFailure("something waits on the scheduler's own turn");
    }
    return fiber;
  }

  private long jitter() {
    return 1 + random.nextLong(JITTER_NANOS);
  }
}
