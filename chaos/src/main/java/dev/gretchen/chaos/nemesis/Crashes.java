package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.fault.Target;
import dev.gretchen.chaos.worker.Exit;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// P1, P3, P5, P6, P7: workers that get SIGKILL, at any moment, while they recover or leave, again
/// and again, or all at once.
final class Crashes {
  /// How long a restarted worker may take until it begins to recover: a session time-out and more.
  private static final long RECOVERY_BEGINS_MILLIS = 30_000;

  private static final long POLL_MILLIS = 10;

  /// How long others may take to take over: a session time-out and more.
  private static final Duration TAKEOVER_TIMEOUT = Duration.ofSeconds(30);

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

  /// SIGTERM, and while it drains, commits and leaves, SIGKILL.
  void whileStopping(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    Duration gap = Duration.ofMillis(incident.step().parameter("gap-ms"));
    Exit exit = workers.stopGracefully(worker.get(), gap);
    if (exit.exitStatus().isPresent()) {
      incident.missing("SIGTERM: it had left before SIGKILL came, " + exit.describe());
    } else {
      killLeaving(incident, worker.get());
      incident.observed("%d ms after SIGTERM".formatted(exit.after().toMillis()));
    }
    healing.worker(incident, worker.get());
  }

  /// It may be gone by itself at any moment, as SIGTERM has told it.
  private void killLeaving(Incident incident, String worker) {
    workers.expectExit(worker);
    try {
      incident.killed(workers.kill(worker));
    } catch (IllegalStateException gone) {
      incident.missing("SIGKILL came too late: " + gone.getMessage());
    }
  }

  /// Each new process gets a moment, and never comes to itself.
  void loop(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent()) {
      incident.killed(workers.kill(worker.get()));
      for (int more = 1; more < incident.step().sigkills(); more++) {
        workers.start(worker.get());
        Thread.sleep(incident.step().parameter("gap-ms"));
        incident.killed(workers.kill(worker.get()));
      }
      healing.worker(incident, worker.get());
    }
  }

  void all(Incident incident) throws InterruptedException {
    healing.dismissAdded();
    List<String> hit = workers.initial().stream().filter(workers::isRunning).toList();
    for (String worker : hit) {
      incident.held(targets.heldBy(worker));
    }
    for (String worker : hit) {
      incident.hitsWorker(worker);
      incident.killed(workers.kill(worker));
    }
    incident.announceEffect();
    hit.forEach(workers::start);
    for (String worker : hit) {
      healing.worker(incident, worker);
    }
  }

  /// The owner, and each time the one who took over; the one before is started meanwhile.
  void chase(Incident incident) throws InterruptedException {
    Optional<String> first = targets.worker(incident);
    if (first.isEmpty() || !(incident.step().target() instanceof Target.OwnerOf owner)) {
      return;
    }
    List<String> partition = List.of(owner.topic() + "-" + owner.partition());
    List<String> chased = new ArrayList<>();
    String worker = first.get();
    while (true) {
      incident.killed(workers.kill(worker));
      chased.add(worker);
      if (chased.size() == incident.step().sigkills()) {
        break;
      }
      Optional<Duration> taken = targets.awaitWithOthers(partition, worker, TAKEOVER_TIMEOUT);
      Optional<String> next = targets.awaitOwner(owner.topic(), owner.partition());
      workers.start(worker);
      if (taken.isEmpty() || next.isEmpty()) {
        incident.missing("nobody took " + partition.getFirst() + " over from " + worker);
        break;
      }
      worker = next.get();
      incident.hitsWorker(worker);
    }
    incident.observed("owned by " + String.join(", ", chased) + " in turn");
    for (String one : chased.stream().distinct().toList()) {
      healing.worker(incident, one);
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
