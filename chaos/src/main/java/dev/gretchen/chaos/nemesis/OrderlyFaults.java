package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.Exit;
import dev.gretchen.chaos.worker.Incarnation;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// P2 and G2: workers that leave in order, come back, come in addition.
final class OrderlyFaults {
  /// How long partitions may be with nobody after a worker has left in order.
  private static final Duration HANDOVER_TIMEOUT = Duration.ofSeconds(20);

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
        incident.takesTurn(worker, targets.heldBy(worker));
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

  /// From N workers to one, to N, to one; the healing brings back the rest.
  void toOne(Incident incident) throws InterruptedException {
    healing.dismissAdded();
    List<String> all = workers.initial().stream().filter(workers::isRunning).toList();
    if (all.size() < 2) {
      incident.missing("there is but one worker");
      return;
    }
    String last = all.getFirst();
    List<String> others = all.subList(1, all.size());
    downTo(incident, last, others);
    others.forEach(workers::start);
    for (String worker : others) {
      var readiness = workers.awaitReady(worker, Workers.READY_TIMEOUT);
      if (!readiness.isReady()) {
        incident.missing(worker + " is " + readiness.describe());
      }
    }
    downTo(incident, last, others);
    incident.announceEffect();
    others.forEach(workers::start);
    for (String worker : others) {
      healing.worker(incident, worker);
    }
  }

  private void downTo(Incident incident, String last, List<String> others)
      throws InterruptedException {
    for (String worker : others) {
      List<String> held = targets.heldBy(worker);
      incident.takesTurn(worker, held);
      stop(incident, worker);
      if (targets.awaitWithOthers(held, worker, HANDOVER_TIMEOUT).isEmpty()) {
        incident.missing("the partitions of " + worker + " are with nobody else");
      }
    }
    incident.observed(last + " has all " + targets.heldBy(last).size() + " partitions");
  }

  void stop(Incident incident, String worker) throws InterruptedException {
    incident.actsNow();
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
