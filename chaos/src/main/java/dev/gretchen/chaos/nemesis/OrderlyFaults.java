package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.Exit;
import dev.gretchen.chaos.worker.Incarnation;
import dev.gretchen.chaos.worker.Workers;
import java.util.List;
import java.util.Optional;

/// P2 and G2: workers that leave in order, come back, come in addition.
final class OrderlyFaults {
  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  OrderlyFaults(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  void gracefulStop(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent()) {
      stop(incident, worker.get());
      Thread.sleep(incident.step().parameter("down-ms"));
      healing.worker(incident, worker.get());
    }
  }

  void rollingRestart(Incident incident) throws InterruptedException {
    long count = incident.step().parameter("workers");
    List<String> rolled = workers.initial().stream().limit(count).toList();
    for (String worker : rolled) {
      if (workers.isRunning(worker)) {
        incident.hitsWorker(worker);
        stop(incident, worker);
      } else {
        incident.missing(worker + " was down before its turn");
      }
      healing.worker(incident, worker);
    }
  }

  void add(Incident incident) throws InterruptedException {
    Incarnation added = workers.add();
    incident.hitsWorker(added.worker());
    var readiness = workers.awaitReady(added.worker(), Workers.READY_TIMEOUT);
    String what = added.worker() + " (pid " + added.pid() + ") " + readiness.describe();
    if (readiness.isReady()) {
      incident.observed(what);
      incident.announceEffect();
      incident.healed();
    } else {
      incident.missing(what);
    }
  }

  void remove(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    stop(incident, worker.get());
    if (workers.initial().contains(worker.get())) {
      Thread.sleep(incident.step().parameter("down-ms"));
      healing.worker(incident, worker.get());
    } else {
      workers.remove(worker.get());
      incident.announceEffect();
      incident.healed();
    }
  }

  private void stop(Incident incident, String worker) throws InterruptedException {
    Exit exit = workers.stopGracefully(worker, Workers.STOP_TIMEOUT);
    String what = "SIGTERM to " + worker + ": " + exit.describe();
    if (exit.exitStatus().orElse(-1) == 0) {
      incident.observed(what + " after " + exit.after().toMillis() + " ms");
      return;
    }
    incident.missing(what + ", expected exit status 0");
    if (exit.exitStatus().isEmpty()) {
      incident.killed(workers.kill(worker));
    }
  }
}
