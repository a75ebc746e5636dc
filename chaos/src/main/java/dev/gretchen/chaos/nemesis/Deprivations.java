package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.process.ProcessLimit;
import dev.gretchen.chaos.worker.Workers;
import java.util.Optional;

/// P10, P12 and D1: a worker that is denied files, connections, memory, threads, or what lay on its
/// disk. It may give up; it must not go wrong. With all of it given back it comes right, by itself
/// or started anew.
final class Deprivations {
  /// Less than any process has open: whatever it wants to open now, it may not.
  private static final long FILES = 8;

  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  Deprivations(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  void fewFiles(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent()) {
      deny(incident, worker.get(), ProcessLimit.FILES, FILES);
    }
  }

  void littleMemory(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent()) {
      long now = workers.addressSpaceBytes(worker.get());
      deny(incident, worker.get(), ProcessLimit.MEMORY, now);
    }
  }

  private void deny(Incident incident, String worker, ProcessLimit limit, long most)
      throws InterruptedException {
    incident.actsNow();
    try {
      String inForce = workers.limit(worker, limit, most).orElse("unknown");
      String what = "%s: %s of %s at the most".formatted(limit, inForce, worker);
      if (inForce.equals(Long.toString(most))) {
        incident.observed(what);
      } else {
        incident.missing(what + ", expected " + most);
      }
      Thread.sleep(incident.step().parameter("hold-ms"));
    } finally {
      if (!workers.unlimit(worker)) {
        incident.missing("the limits of " + worker + " could not be put back");
      }
    }
    incident.mayHaveGivenUp(workers, worker);
    healing.worker(incident, worker);
  }

  /// What it has open it keeps; what it opens from now on begins in an empty folder.
  void loseFiles(Incident incident) throws InterruptedException {
    Optional<String> target = targets.worker(incident);
    if (target.isEmpty()) {
      return;
    }
    String worker = target.get();
    incident.actsNow();
    int lost = workers.loseFiles(worker);
    if (lost > 0) {
      incident.observed(lost + " files deleted under " + worker);
    } else {
      incident.missing("the disk of " + worker + " was empty already");
    }
    Thread.sleep(incident.step().parameter("hold-ms"));
    incident.mayHaveGivenUp(workers, worker);
    if (workers.isRunning(worker)) {
      incident.killed(workers.kill(worker));
    }
    healing.worker(incident, worker);
  }
}
