package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.Failpoints;
import dev.gretchen.chaos.worker.Failpoints.Failpoint;
import dev.gretchen.chaos.worker.Readiness;
import dev.gretchen.chaos.worker.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// P4 and G3: workers that get SIGKILL, or company, at an exact place in their engine, where a
/// failpoint holds them.
final class FailpointKills {
  private static final String AFTER_SENDS = "commit.after-sends";
  private static final String IN_RECOVERY = "recovery.midway";
  private static final String RECOVERY_BEGINS = "recovery.started";

  /// How long a commit may take to come by.
  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(15);

  /// How long a restarted worker may take to be in the middle of a recovery.
  private static final Duration RECOVERY_TIMEOUT = Duration.ofSeconds(30);

  /// How long a worker may take to join while another is held.
  private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration GLANCE = Duration.ofMillis(30);

  private final Workers workers;
  private final Targets targets;
  private final Crashes crashes;
  private final Healing healing;

  FailpointKills(Field field, Targets targets, Crashes crashes, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.crashes = crashes;
    this.healing = healing;
  }

  void afterSends(Incident incident) throws InterruptedException, IOException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent()) {
      int after = Math.toIntExact(incident.step().parameter("after"));
      Failpoints failpoints = workers.failpoints(worker.get());
      failpoints.arm(AFTER_SENDS, Failpoints.Action.PAUSE, after);
      killPaused(incident, worker.get(), AFTER_SENDS, COMMIT_TIMEOUT);
      healing.worker(incident, worker.get());
    }
  }

  /// In the middle of a recovery: some records read, not all.
  void inPausedRecovery(Incident incident) throws InterruptedException, IOException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent()) {
      boolean wipe = incident.step().parameter("wipe") != 0;
      killHeld(incident, worker.get(), wipe, IN_RECOVERY);
    }
  }

  /// As a recovery from an empty disk begins. Where the app has no failpoints to hold it there, it
  /// has to be caught.
  void inRecovery(Incident incident) throws InterruptedException, IOException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent() && hasFailpoints(worker.get())) {
      killHeld(incident, worker.get(), true, RECOVERY_BEGINS);
    } else if (worker.isPresent()) {
      crashes.killInRecovery(incident, worker.get());
    }
  }

  /// A worker joins while another is in the middle of a recovery.
  void joinInRecovery(Incident incident) throws InterruptedException, IOException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent()) {
      incident.killed(workers.kill(worker.get()));
      crashes.emptyDisk(incident, worker.get());
      workers.start(worker.get(), IN_RECOVERY + "=pause");
      joinWhilePaused(incident, List.of(worker.get()), IN_RECOVERY);
      healing.worker(incident, worker.get());
    }
  }

  /// A worker joins while another begins to take over from one that died.
  void joinInPromotion(Incident incident) throws InterruptedException, IOException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent()) {
      List<String> others =
          workers.running().stream().filter(other -> !other.equals(worker.get())).toList();
      for (String other : others) {
        workers.failpoints(other).arm(RECOVERY_BEGINS, Failpoints.Action.PAUSE, 1);
      }
      incident.killed(workers.kill(worker.get()));
      joinWhilePaused(incident, others, RECOVERY_BEGINS);
      healing.worker(incident, worker.get());
    }
  }

  private void joinWhilePaused(Incident incident, List<String> held, String failpoint)
      throws InterruptedException {
    Optional<String> added = Optional.empty();
    try {
      Optional<String> paused = awaitAnyPaused(held, failpoint);
      if (paused.isEmpty()) {
        incident.missing(
            "nobody paused at %s within %d s".formatted(failpoint, RECOVERY_TIMEOUT.toSeconds()));
        return;
      }
      incident.observed(paused.get() + " paused at " + failpoint);
      added = Optional.of(workers.add().worker());
      Readiness readiness = workers.awaitReady(added.get(), JOIN_TIMEOUT);
      String joined = added.get() + " joined: " + readiness.describe();
      if (readiness.isReady()) {
        incident.observed(joined);
      } else {
        incident.missing(joined);
      }
    } finally {
      for (String worker : held) {
        disarm(worker, failpoint);
      }
    }
    if (workers.stopGracefully(added.get(), Workers.STOP_TIMEOUT).exitStatus().isEmpty()) {
      workers.kill(added.get());
    }
    workers.remove(added.get());
  }

  private Optional<String> awaitAnyPaused(List<String> among, String failpoint)
      throws InterruptedException {
    long deadline = System.nanoTime() + RECOVERY_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      for (String worker : among) {
        if (workers.failpoints(worker).awaitPaused(failpoint, GLANCE).isPresent()) {
          return Optional.of(worker);
        }
      }
    }
    return Optional.empty();
  }

  private void killHeld(Incident incident, String worker, boolean wipe, String failpoint)
      throws InterruptedException, IOException {
    incident.killed(workers.kill(worker));
    if (wipe) {
      crashes.emptyDisk(incident, worker);
    }
    workers.start(worker, failpoint + "=pause");
    killPaused(incident, worker, failpoint, RECOVERY_TIMEOUT);
    healing.worker(incident, worker);
  }

  private boolean hasFailpoints(String worker) throws InterruptedException {
    try {
      return !workers.failpoints(worker).list().isEmpty();
    } catch (IOException _) {
      return false;
    }
  }

  private void killPaused(Incident incident, String worker, String failpoint, Duration timeout)
      throws InterruptedException, IOException {
    Failpoints failpoints = workers.failpoints(worker);
    Optional<Failpoint> paused = failpoints.awaitPaused(failpoint, timeout);
    if (paused.isPresent()) {
      incident.observed("paused at " + failpoint + " after " + paused.get().hits() + " hits");
      incident.killed(workers.kill(worker));
    } else {
      incident.missing("not paused at %s within %d s".formatted(failpoint, timeout.toSeconds()));
      disarm(worker, failpoint);
    }
  }

  /// An armed failpoint must not outlive its fault; where the worker does not listen, a new process
  /// has none armed.
  private void disarm(String worker, String failpoint) throws InterruptedException {
    if (!workers.isRunning(worker)) {
      return;
    }
    try {
      workers.failpoints(worker).release(failpoint);
    } catch (IOException _) {
      workers.kill(worker);
    }
  }
}
