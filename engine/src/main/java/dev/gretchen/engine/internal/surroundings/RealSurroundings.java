package dev.gretchen.engine.internal.surroundings;

import dev.gretchen.engine.internal.surroundings.link.Links;
import dev.gretchen.engine.internal.surroundings.link.SocketLinks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The real world: a platform thread for each activity, a virtual thread for each run of user code.
public final class RealSurroundings implements Surroundings {

  private final KafkaClients kafka;
  private final String worker;
  private final Executor handlers;

  public RealSurroundings(KafkaClients kafka, String worker) {
    this.kafka = kafka;
    this.worker = worker;
    Thread.Builder.OfVirtual builder = Thread.ofVirtual().name(worker + "-handler-", 0);
    this.handlers = builder::start;
  }

  @Override
  public KafkaClients kafka() {
    return kafka;
  }

  @Override
  public Links links() {
    return new SocketLinks(worker);
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
    return handlers;
  }

  @Override
  public Runnable interrupter() {
    return Thread.currentThread()::interrupt;
  }

  @Override
  public Monitor monitor() {
    return new LockMonitor();
  }

  @Override
  public void halt(int status) {
    Runtime.getRuntime().halt(status);
  }

  @Override
  public Running start(String name, Activity activity, Consumer<@Nullable Throwable> ended) {
    Thread thread =
        Thread.ofPlatform()
            .name(worker + "-" + name)
            .daemon()
            .start(() -> {
              Throwable cause = null;
              try {
                while (activity.step()) {
                  // the step is the work
                }
              } catch (Throwable failure) {
                cause = failure;
              }
              ended.accept(cause);
            });
    return bound -> {
      try {
        return thread.join(bound);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
    };
  }

  private static final class LockMonitor implements Monitor {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @Override
    public boolean await(BooleanSupplier condition, Duration bound) {
      long left = bound.toNanos();
      lock.lock();
      try {
        while (!condition.getAsBoolean()) {
          if (left <= 0) {
            return false;
          }
          left = changed.awaitNanos(left);
        }
        return true;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return condition.getAsBoolean();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void signal() {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
