package dev.gretchen.engine.internal.surroundings;

import dev.gretchen.engine.internal.surroundings.link.Links;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Everything that the engine takes from outside. No other class of the engine reads a clock, draws
/// a random number, creates a Kafka client or starts a thread (the HTTP server and RocksDB have
/// threads of their own, on which no decision of the protocol hangs).
public interface Surroundings {

  KafkaClients kafka();

  /// Links to other workers.
  Links links();

  /// Wall clock, for what people and other processes read.
  InstantSource clock();

  /// Monotonic time in nanoseconds, for intervals.
  long nanoTime();

  RandomGenerator random();

  /// Runs user code; each call may block for long, and must not keep others from running.
  Executor handlers();

  /// What interrupts the calling thread, which runs user code; for any thread to run.
  Runnable interrupter();

  /// A place to wait.
  Monitor monitor();

  /// Ends this process at once: nothing is closed, nothing is flushed. Does not return.
  void halt(int status);

  /// Repeats an activity until its step returns false or throws.
  ///
  /// @param ended told once, with what was thrown, or null
  Running start(String name, Activity activity, Consumer<@Nullable Throwable> ended);

  /// An activity that was started.
  interface Running {
    /// Waits for its end; returns whether it has ended within the bound.
    boolean awaitEnd(java.time.Duration bound);
  }
}
