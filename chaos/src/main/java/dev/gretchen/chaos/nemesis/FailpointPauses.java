package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.Failpoints;
import dev.gretchen.chaos.worker.Failpoints.Failpoint;
import dev.gretchen.chaos.worker.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// S3 and S4: a worker stands still between its changelog and its commit, for longer than its
/// transaction lives, and goes on: the thread that commits, or the whole process.
final class FailpointPauses {
  private static final String AFTER_SENDS = "commit.after-sends";

  /// How long a commit may take to come by.
  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(15);

  /// How long a transaction may stay open that nobody goes on with: its time-out and more.
  private static final Duration ENDED_TIMEOUT = Duration.ofSeconds(30);

  /// Whoever has ended it is at work by then, so that a zombie meets its successors.
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private static final Duration POLL = Duration.ofMillis(50);

  private final Workers workers;
  private final Intruder intruder;
  private final Targets targets;
  private final Healing healing;

  FailpointPauses(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.intruder = field.intruder();
    this.targets = targets;
    this.healing = healing;
  }

  /// The thread that commits stands still; the process looks alive.
  void beforeOffsets(Incident incident) throws InterruptedException, IOException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    Failpoints failpoints = arm(incident, worker.get());
    try {
      if (awaitPaused(incident, failpoints)) {
        long millis = incident.step().parameter("pause-ms");
        Thread.sleep(millis);
        incident.observed("went on after " + millis + " ms");
      }
    } finally {
      release(worker.get(), failpoints);
    }
    healing.worker(incident, worker.get());
  }

  /// The process stands still with a transaction open, until the coordinator or another worker has
  /// ended that, and then goes on with it.
  void inTransaction(Incident incident) throws InterruptedException, IOException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    Failpoints failpoints = arm(incident, worker.get());
    try {
      if (awaitPaused(incident, failpoints)) {
        standStill(incident, worker.get());
      }
    } finally {
      release(worker.get(), failpoints);
    }
    healing.worker(incident, worker.get());
  }

  private void standStill(Incident incident, String worker) throws InterruptedException {
    Optional<String> open = intruder.openTransaction(worker);
    if (open.isEmpty()) {
      incident.missing("no transaction of " + worker + " is open");
      return;
    }
    int epoch = intruder.producerEpoch(open.get());
    try {
      if (workers.pause(worker)) {
        incident.observed(
            "SIGSTOP holds %s, the transaction of %s open".formatted(worker, open.get()));
      } else {
        incident.missing(worker + " did not stand still after SIGSTOP");
      }
      awaitEnded(incident, open.get(), epoch);
      Thread.sleep(SETTLED);
    } finally {
      workers.resume(worker);
    }
    incident.observed("went on with it");
  }

  /// Whoever ends a transaction of another moves the epoch of its producers on.
  private void awaitEnded(Incident incident, String transactionalId, int before)
      throws InterruptedException {
    long from = System.nanoTime();
    long waited = 0;
    while (waited < ENDED_TIMEOUT.toNanos()) {
      int now = intruder.producerEpoch(transactionalId);
      waited = System.nanoTime() - from;
      if (now >= 0 && now != before) {
        incident.observed(
            "ended by somebody else after %d ms: producer epoch %d, %d before"
                .formatted(waited / 1_000_000, now, before));
        return;
      }
      Thread.sleep(POLL);
    }
    incident.missing("still open after " + ENDED_TIMEOUT.toSeconds() + " s");
  }

  private Failpoints arm(Incident incident, String worker)
      throws InterruptedException, IOException {
    Failpoints failpoints = workers.failpoints(worker);
    int after = Math.toIntExact(incident.step().parameter("after"));
    failpoints.arm(AFTER_SENDS, Failpoints.Action.PAUSE, after);
    return failpoints;
  }

  private static boolean awaitPaused(Incident incident, Failpoints failpoints)
      throws InterruptedException {
    Optional<Failpoint> paused = failpoints.awaitPaused(AFTER_SENDS, COMMIT_TIMEOUT);
    if (paused.isPresent()) {
      incident.observed("paused at " + AFTER_SENDS + " after " + paused.get().hits() + " hits");
    } else {
      incident.missing(
          "not paused at %s within %d s".formatted(AFTER_SENDS, COMMIT_TIMEOUT.toSeconds()));
    }
    return paused.isPresent();
  }

  /// An armed failpoint must not outlive its fault; a process that is gone has none.
  private void release(String worker, Failpoints failpoints) throws InterruptedException {
    try {
      failpoints.release(AFTER_SENDS);
    } catch (IOException _) {
      if (workers.isRunning(worker)) {
        workers.kill(worker);
      }
    }
  }
}
