package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.Failpoints;
import dev.gretchen.chaos.worker.Failpoints.Failpoint;
import dev.gretchen.chaos.worker.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// S4: a worker stands still between its changelog and its commit, for longer than its transaction
/// lives, and goes on.
final class FailpointPauses {
  private static final String AFTER_SENDS = "commit.after-sends";

  /// How long a commit may take to come by.
  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(15);

  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  FailpointPauses(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  void beforeOffsets(Incident incident) throws InterruptedException, IOException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    Failpoints failpoints = workers.failpoints(worker.get());
    int after = Math.toIntExact(incident.step().parameter("after"));
    failpoints.arm(AFTER_SENDS, Failpoints.Action.PAUSE, after);
    try {
      Optional<Failpoint> paused = failpoints.awaitPaused(AFTER_SENDS, COMMIT_TIMEOUT);
      if (paused.isPresent()) {
        incident.observed("paused at " + AFTER_SENDS + " after " + paused.get().hits() + " hits");
        long millis = incident.step().parameter("pause-ms");
        Thread.sleep(millis);
        incident.observed("went on after " + millis + " ms");
      } else {
        incident.missing(
            "not paused at %s within %d s".formatted(AFTER_SENDS, COMMIT_TIMEOUT.toSeconds()));
      }
    } finally {
      release(worker.get(), failpoints);
    }
    healing.worker(incident, worker.get());
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
