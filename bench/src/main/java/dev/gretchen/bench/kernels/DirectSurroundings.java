package dev.gretchen.bench.kernels;

import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.KafkaClients;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.surroundings.link.Links;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Surroundings that run handlers on the caller's thread, and have no Kafka and no other workers.
final class DirectSurroundings implements Surroundings {

  private static final Monitor NOBODY_WAITS =
      new Monitor() {
        @Override
        public boolean await(BooleanSupplier condition, Duration bound) {
          return condition.getAsBoolean();
        }

        @Override
        public void signal() {
          // nobody waits
        }
      };

  @Override
  public KafkaClients kafka() {
    throw new UnsupportedOperationException("there is no Kafka here");
  }

  @Override
  public Links links() {
    throw new UnsupportedOperationException("there are no other workers here");
  }

  @Override
  public InstantSource clock() {
    return InstantSource.system();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return RandomGenerator.getDefault();
  }

  @Override
  public Executor handlers() {
    return Runnable::run;
  }

  @Override
  public Runnable interrupter() {
    return Thread.currentThread()::interrupt;
  }

  @Override
  public Monitor monitor() {
    return NOBODY_WAITS;
  }

  @Override
  public void halt(int status) {
    throw new UnsupportedOperationException("nothing is halted here");
  }

  @Override
  public Running start(String name, Activity activity, Consumer<@Nullable Throwable> ended) {
    throw new UnsupportedOperationException("nothing is started here");
  }
}
