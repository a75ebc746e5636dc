package dev.gretchen.engine.internal.fakes;

import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.KafkaClients;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.surroundings.link.Links;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/// Time that stands until somebody waits, handlers that run when the test says so, and waits that
/// never block: a wait whose condition does not hold lets the next planned happening happen, looks
/// again, and otherwise lets its bound pass on the clock.
public final class FakeSurroundings implements Surroundings {

  private final KafkaClients kafka;
  private final ArrayDeque<Runnable> activations = new ArrayDeque<>();
  private final ArrayDeque<Runnable> happenings = new ArrayDeque<>();
  private final List<Duration> waits = new ArrayList<>();
  private long nanos;
  private int interrupts;

  public FakeSurroundings() {
    this(new FakeClients());
  }

  public FakeSurroundings(KafkaClients kafka) {
    this.kafka = kafka;
  }

  /// Plans what happens in the next wait whose condition does not hold.
  public void inNextWait(Runnable happening) {
    happenings.add(happening);
  }

  /// Runs activations until there are no more.
  public void runAll() {
    for (Runnable next = activations.poll(); next != null; next = activations.poll()) {
      next.run();
    }
  }

  /// How many activations wait for their turn.
  public int waiting() {
    return activations.size();
  }

  /// The bounds of the waits that passed in vain.
  public List<Duration> waits() {
    return waits;
  }

  public void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Override
  public KafkaClients kafka() {
    return kafka;
  }

  @Override
  public Links links() {
    return (_, _) -> {
      throw new IOException("nobody is linked here");
    };
  }

  @Override
  public InstantSource clock() {
    return () -> Instant.EPOCH.plus(Duration.ofDays(20_000)).plusNanos(nanos);
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public RandomGenerator random() {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(1);
  }

  @Override
  public Executor handlers() {
    return activations::add;
  }

  /// How often a handler was interrupted; that it sees nothing of it is its own affair here.
  public int interrupts() {
    return interrupts;
  }

  @Override
  public Runnable interrupter() {
    return () -> interrupts++;
  }

  @Override
  public Monitor monitor() {
    return new StepMonitor();
  }

  @Override
  public void halt(int status) {
    throw new IllegalStateException("halted with " + status);
  }

  @Override
  public Running start(String name, Activity activity, Consumer<@Nullable Throwable> ended) {
    throw new UnsupportedOperationException("the test calls the steps of " + name);
  }

  private final class StepMonitor implements Monitor {
    @Override
    public boolean await(BooleanSupplier condition, Duration bound) {
      if (condition.getAsBoolean()) {
        return true;
      }
      Runnable happening = happenings.poll();
      if (happening != null) {
        happening.run();
        if (condition.getAsBoolean()) {
          return true;
        }
      }
      waits.add(bound);
      pass(bound);
      return condition.getAsBoolean();
    }

    @Override
    public void signal() {
      // nobody sleeps
    }
  }
}
