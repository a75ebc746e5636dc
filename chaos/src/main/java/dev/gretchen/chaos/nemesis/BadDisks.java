package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.process.Preload;
import dev.gretchen.chaos.worker.Readiness;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.Optional;

/// D7, D8 and D9: a disk that fails, may only be read, or is slow. The worker may give up where it
/// cannot write; it must not go wrong, and it comes right on a sound disk, by itself or started
/// anew.
final class BadDisks {
  /// How long it may take until a worker wants to write.
  private static final Duration FAILURE_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration POLL = Duration.ofMillis(50);

  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  BadDisks(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  /// The worker and the library that it loads.
  private record Loaded(String worker, Preload preload) {}

  private Optional<Loaded> loaded(Incident incident) throws InterruptedException {
    Optional<Preload> preload = workers.preload();
    if (preload.isEmpty()) {
      incident.missing("no library of ours is loaded by a worker");
      return Optional.empty();
    }
    return targets.worker(incident).map(worker -> new Loaded(worker, preload.get()));
  }

  /// While it runs.
  void fail(Incident incident) throws InterruptedException {
    Optional<Loaded> target = loaded(incident);
    if (target.isPresent()) {
      hold(incident, target.get(), Preload.Disk.FAILING, false);
    }
  }

  /// When it starts.
  void readOnly(Incident incident) throws InterruptedException {
    Optional<Loaded> target = loaded(incident);
    if (target.isPresent()) {
      incident.killed(workers.kill(target.get().worker()));
      hold(incident, target.get(), Preload.Disk.READ_ONLY, true);
    }
  }

  private void hold(Incident incident, Loaded target, Preload.Disk disk, boolean starts)
      throws InterruptedException {
    String worker = target.worker();
    long before = target.preload().failedWrites(worker);
    incident.actsNow();
    try {
      target.preload().setDisk(worker, disk);
      if (starts) {
        workers.start(worker);
      }
      Thread.sleep(incident.step().parameter("hold-ms"));
      awaitFailure(target, before);
    } finally {
      target.preload().setDisk(worker, Preload.Disk.SOUND);
    }
    long failed = target.preload().failedWrites(worker) - before;
    if (failed > 0) {
      incident.observed("%d writes of %s failed, its disk was %s".formatted(failed, worker, disk));
    } else {
      incident.missing(worker + " has written nothing to its disk");
    }
    incident.mayHaveGivenUp(workers, worker);
    healing.worker(incident, worker);
  }

  /// A store writes when it has gathered enough, and a process that starts takes its time.
  private void awaitFailure(Loaded target, long before) throws InterruptedException {
    long deadline = System.nanoTime() + FAILURE_TIMEOUT.toNanos();
    while (target.preload().failedWrites(target.worker()) == before
        && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
    }
  }

  /// While it recovers from an empty one: at no other time does it write so much.
  void slow(Incident incident) throws InterruptedException {
    Optional<Loaded> target = loaded(incident);
    if (target.isEmpty()) {
      return;
    }
    String worker = target.get().worker();
    Preload preload = target.get().preload();
    incident.killed(workers.kill(worker));
    incident.observed("state directory empty, " + workers.wipe(worker) + " files gone");
    long before = preload.slowedWrites(worker);
    try {
      preload.slowWrites(worker, Duration.ofMillis(incident.step().parameter("delay-ms")));
      workers.start(worker);
      Readiness readiness = workers.awaitReady(worker, Workers.READY_TIMEOUT);
      incident.observed(worker + " on a slow disk: " + readiness.describe());
    } finally {
      preload.slowWrites(worker, Duration.ZERO);
    }
    long slowed = preload.slowedWrites(worker) - before;
    String what =
        "%d writes took %d ms more".formatted(slowed, incident.step().parameter("delay-ms"));
    if (slowed > 0) {
      incident.observed(what);
    } else {
      incident.missing(what);
    }
    healing.worker(incident, worker);
  }
}
