package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.Workers;
import java.util.Optional;

/// P1: workers that get SIGKILL, at any moment or while they recover.
final class Crashes {
  /// How long a restarted worker may take until it begins to recover: a session time-out and more.
  private static final long RECOVERY_BEGINS_MILLIS = 30_000;

  private static final long POLL_MILLIS = 10;

  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  Crashes(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  void kill(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent()) {
      incident.killed(workers.kill(worker.get()));
      incident.announceEffect();
      Thread.sleep(incident.step().parameter("down-ms"));
      healing.worker(incident, worker.get());
    }
  }

  void killTwice(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent()) {
      incident.killed(workers.kill(worker.get()));
      workers.start(worker.get());
      Thread.sleep(incident.step().parameter("gap-ms"));
      incident.killed(workers.kill(worker.get()));
      healing.worker(incident, worker.get());
    }
  }

  void wipe(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent()) {
      incident.killed(workers.kill(worker.get()));
      emptyDisk(incident, worker.get());
      healing.worker(incident, worker.get());
    }
  }

  /// For an app without failpoints: the recovery has to be caught.
  void killInRecovery(Incident incident, String worker) throws InterruptedException {
    incident.killed(workers.kill(worker));
    emptyDisk(incident, worker);
    workers.start(worker);
    killWhileRecovering(incident, worker);
    healing.worker(incident, worker);
  }

  void emptyDisk(Incident incident, String worker) {
    int files = workers.wipe(worker);
    if (files > 0) {
      incident.observed("state directory empty, " + files + " files gone");
    } else {
      incident.missing("the state directory of " + worker + " was empty already");
    }
  }

  private void killWhileRecovering(Incident incident, String worker) throws InterruptedException {
    long deadline = System.nanoTime() + RECOVERY_BEGINS_MILLIS * 1_000_000;
    while (System.nanoTime() < deadline && workers.isRunning(worker)) {
      int recovering = workers.recovering(worker);
      if (recovering > 0) {
        incident.observed(recovering + " table partitions recovering");
        incident.killed(workers.kill(worker));
        return;
      }
      if (workers.isReady(worker)) {
        incident.missing(worker + " was ready again before a recovery could be seen");
        return;
      }
      Thread.sleep(POLL_MILLIS);
    }
    incident.missing(worker + " did not begin to recover");
  }
}
