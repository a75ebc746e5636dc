package dev.gretchen.verifier.run;

import dev.gretchen.chaos.nemesis.Progress;
import dev.gretchen.verifier.load.LoadDriver;
import dev.gretchen.verifier.load.LoadPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The load on a thread of its own, and how far it is.
final class LoadUnderWay implements Progress {

  private final LoadPlan plan;
  private final LoadDriver driver;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread;

  LoadUnderWay(LoadPlan plan, LoadDriver driver) {
    this.plan = plan;
    this.driver = driver;
    this.thread =
        Thread.ofPlatform()
            .name("gretchen-load")
            .daemon()
            .uncaughtExceptionHandler((_, cause) -> failure.set(cause))
            .unstarted(driver::run);
  }

  void start() {
    thread.start();
  }

  boolean awaitEnd(Duration bound) throws InterruptedException {
    return thread.join(bound);
  }

  /// What ended it early, or null.
  @Nullable Throwable failure() {
    return failure.get();
  }

  @Override
  public Optional<Instant> startedAt() {
    long start = driver.startMillis();
    return start == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(start));
  }

  @Override
  public long acknowledged() {
    return driver.progress().acked();
  }

  @Override
  public long planned() {
    return plan.count();
  }

  @Override
  public boolean isFinished() {
    return driver.endMillis() != 0;
  }
}
