package dev.gretchen.dashboards.demo;

import dev.gretchen.chaos.worker.Failpoints;
import dev.gretchen.chaos.worker.Workers;
import dev.gretchen.verifier.run.LiveRun;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a takeover slow enough to be watched: the engine's own failpoint holds the next recovery
/// of each survivor for some seconds. Partitions that stay where they are go on meanwhile; what is
/// held is the real thing, only later. Any thread.
final class SlowMotion implements AutoCloseable {

  /// For so long a recovery is held.
  static final Duration HELD = Duration.ofSeconds(4);

  private static final Logger LOG = LoggerFactory.getLogger(SlowMotion.class);
  private static final String RECOVERY = "recovery.started";

  private final LiveRun run;
  private final ExecutorService releases = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean on;

  SlowMotion(LiveRun run) {
    this.run = run;
  }

  void turn(boolean wanted) {
    on = wanted && run.app().endpoints().contains("failpoints");
  }

  /// A worker is about to be hit: whoever takes over from it is held for a while.
  void prepare(String victim) throws InterruptedException {
    if (!on) {
      return;
    }
    Workers workers = run.workers();
    List<Failpoints> armed = new ArrayList<>();
    for (String worker : workers.running()) {
      if (worker.equals(victim) || workers.isPaused(worker)) {
        continue;
      }
      Failpoints failpoints = workers.failpoints(worker);
      try {
        failpoints.arm(RECOVERY, Failpoints.Action.PAUSE, 1);
        armed.add(failpoints);
      } catch (IOException refused) {
        LOG.atDebug().addKeyValue("worker", worker).addKeyValue("cause", refused).log("not held");
      }
    }
    releases.execute(() -> release(armed));
  }

  private static void release(List<Failpoints> armed) {
    try {
      Thread.sleep(HELD);
    } catch (InterruptedException _) {
      return;
    }
    for (Failpoints failpoints : armed) {
      try {
        failpoints.release(RECOVERY);
      } catch (IOException _) {
        // it is gone, and with it what held it
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  @Override
  public void close() {
    releases.shutdownNow();
  }
}
