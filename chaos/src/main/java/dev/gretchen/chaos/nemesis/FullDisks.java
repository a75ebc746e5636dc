package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.Readiness;
import dev.gretchen.chaos.worker.Workers;
import java.util.Optional;

/// D6: a worker whose disk is full for a while. It may give up; it must not go wrong.
final class FullDisks {
  /// What fits beside the worker's state before it is filled: enough to start.
  private static final long FREE_BYTES = 32 << 20;

  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  FullDisks(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  void fill(Incident incident) throws InterruptedException {
    Optional<String> target = targets.worker(incident);
    if (target.isEmpty()) {
      return;
    }
    String worker = target.get();
    incident.killed(workers.kill(worker));
    workers.shrinkDisk(worker, FREE_BYTES);
    workers.start(worker);
    Readiness readiness = workers.awaitReady(worker, Workers.READY_TIMEOUT);
    if (!readiness.isReady()) {
      incident.missing(worker + " is " + readiness.describe() + " on a small disk");
    }
    incident.observed("disk full after " + workers.fillDisk(worker) + " more bytes");
    if (workers.isRunning(worker)) {
      workers.expectExit(worker);
    }
    Thread.sleep(incident.step().parameter("hold-ms"));
    incident.observed(worker + (workers.isRunning(worker) ? " runs on" : " has given up"));
    workers.unfillDisk(worker);
    // with room again it comes right, by itself or started anew
    healing.worker(incident, worker);
    incident.killed(workers.kill(worker));
    workers.restoreDisk(worker);
    healing.worker(incident, worker);
  }
}
