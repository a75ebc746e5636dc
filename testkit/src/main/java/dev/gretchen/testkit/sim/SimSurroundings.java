package dev.gretchen.testkit.sim;

import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.KafkaClients;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.surroundings.link.Links;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One simulated process as the engine's surroundings: a fiber for each activity and for each run
/// of user code, the scheduler's time and chance.
public final class SimSurroundings implements Surroundings {

  /// Where the wall clock stands when a simulation begins.
  public static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private final Scheduler scheduler;
  private final SimProcess process;
  private final KafkaClients kafka;
  private final Links links;
  private final Duration skew;
  private final Runnable halt;

  /// @param links to other processes
  /// @param skew of this process's wall clock against the brokers'
  public SimSurroundings(
      Scheduler scheduler, SimProcess process, KafkaClients kafka, Links links, Duration skew) {
    this(scheduler, process, kafka, links, skew, scheduler::killCurrent);
  }

  /// @param halt is called, in the fiber that wants it, where the process would halt
  public SimSurroundings(
      Scheduler scheduler,
      SimProcess process,
      KafkaClients kafka,
      Links links,
      Duration skew,
      Runnable halt) {
    this.halt = halt;
    this.scheduler = scheduler;
    this.process = process;
    this.kafka = kafka;
    this.links = links;
    this.skew = skew;
  }

  public SimProcess process() {
    return process;
  }

  @Override
  public KafkaClients kafka() {
    return kafka;
  }

  @Override
  public Links links() {
    return links;
  }

  @Override
  public InstantSource clock() {
    return () -> BEGINNING.plus(skew).plusNanos(scheduler.now());
  }

  @Override
  public long nanoTime() {
    return scheduler.now();
  }

  @Override
  public RandomGenerator random() {
    return scheduler.random();
  }

  @Override
  public Executor handlers() {
    return activation ->
        scheduler.start(process, "handler", activation, SimSurroundings::mustNotFail);
  }

  private static void mustNotFail(@Nullable Throwable thrown) {
    if (thrown != null) {
      throw new SimulationFailure("a handler's activation let something through", thrown);
    }
  }

  /// Nothing: simulated handlers wait in the engine alone, which looks at the time itself.
  @Override
  public Runnable interrupter() {
    return () -> {};
  }

  @Override
  public Monitor monitor() {
    return new SimMonitor(scheduler);
  }

  @Override
  public void halt(int status) {
    halt.run();
  }

  @Override
  public Running start(String name, Activity activity, Consumer<@Nullable Throwable> ended) {
    Activities running = new Activities();
    scheduler.start(
        process,
        name,
        () -> repeat(activity),
        thrown -> {
          running.ended = true;
          running.monitor.signal();
          Throwable cause = thrown instanceof Wrapped wrapped ? wrapped.getCause() : thrown;
          ended.accept(cause);
        });
    return running;
  }

  private static void repeat(Activity activity) {
    try {
      while (activity.step()) {
        // the step is the work
      }
    } catch (RuntimeException unchecked) {
      throw unchecked;
    } catch (Exception checked) {
      throw new Wrapped(checked);
    }
  }

  private final class Activities implements Running {
    private final SimMonitor monitor = new SimMonitor(scheduler);
    private boolean ended;

    @Override
    public boolean awaitEnd(Duration bound) {
      return monitor.await(() -> ended, bound);
    }
  }

  /// Carries a checked exception out of a fiber.
  private static final class Wrapped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Wrapped(Exception cause) {
      super(cause);
    }
  }
}
