package dev.gretchen.simulation;

import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.KafkaClients;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.surroundings.link.Links;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The surroundings of one process, in which its poll loop can be held up, between two polls, while
/// all other activities go on.
///
/// Confined to the simulation.
final class HeldPolls implements Surroundings {

  private static final String POLL_LOOP = "poll";
  private static final long FREE = Long.MAX_VALUE;
  private static final Duration LONGER_THAN_ANY = Duration.ofHours(1);

  private final Surroundings inner;
  private final Monitor monitor;
  private long heldSince = FREE;

  HeldPolls(Surroundings inner) {
    this.inner = inner;
    this.monitor = inner.monitor();
  }

  /// @param now virtual time
  void hold(long now) {
    heldSince = now;
  }

  void release() {
    heldSince = FREE;
    monitor.signal();
  }

  boolean isHeld() {
    return heldSince != FREE;
  }

  boolean hasHeldFor(Duration time, long now) {
    return isHeld() && now - heldSince >= time.toNanos();
  }

  @Override
  public Running start(String name, Activity activity, Consumer<@Nullable Throwable> ended) {
    return inner.start(name, name.equals(POLL_LOOP) ? () -> step(activity) : activity, ended);
  }

  private boolean step(Activity pollLoop) throws Exception {
    monitor.await(() -> !isHeld(), LONGER_THAN_ANY);
    return pollLoop.step();
  }

  @Override
  public KafkaClients kafka() {
    return inner.kafka();
  }

  @Override
  public Links links() {
    return inner.links();
  }

  @Override
  public InstantSource clock() {
    return inner.clock();
  }

  @Override
  public long nanoTime() {
    return inner.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return inner.random();
  }

  @Override
  public Executor handlers() {
    return inner.handlers();
  }

  @Override
  public Runnable interrupter() {
    return inner.interrupter();
  }

  @Override
  public Monitor monitor() {
    return inner.monitor();
  }

  @Override
  public void halt(int status) {
    inner.halt(status);
  }
}
