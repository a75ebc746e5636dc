package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.Exit;
import dev.gretchen.chaos.worker.Readiness;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// P8, D2, D4, D10: a disk that two processes want, that is older than it should be, that is
/// another's, on which things lie that nobody misses.
final class Disks {
  /// How long a second process may take until it gives up.
  private static final Duration REFUSAL_TIMEOUT = Duration.ofSeconds(30);

  /// What a line of a log looks like that says why a process ended.
  private static final Pattern REASON =
      Pattern.compile("(?i).*(exception|error|refused|another process|lock).*");

  private static final int REASON_LENGTH_MAX = 240;

  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  Disks(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  void doubleStart(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    incident.actsNow();
    Workers.Refusal refusal = workers.startTwice(worker.get(), REFUSAL_TIMEOUT);
    Exit exit = refusal.exit();
    String what = "second process: " + exit.describe();
    Optional<String> reason = reason(refusal.logTail());
    if (exit.exitStatus().isEmpty() || exit.exitStatus().getAsInt() == 0) {
      incident.missing(what + ", expected it to refuse");
    } else if (reason.isEmpty()) {
      incident.missing(what + ", and its log does not say why");
    } else {
      incident.observed(what + " after " + exit.after().toMillis() + " ms: " + reason.get());
    }
    if (workers.isRunning(worker.get())) {
      incident.observed("the first one runs on");
    } else {
      incident.missing("the first one is gone");
    }
    healing.worker(incident, worker.get());
  }

  private static Optional<String> reason(String log) {
    return log.lines()
        .map(String::strip)
        .filter(line -> REASON.matcher(line).matches())
        .findFirst()
        .map(line -> line.substring(0, Math.min(REASON_LENGTH_MAX, line.length())));
  }

  /// What a snapshot that was put back, or a disk of yesterday, does.
  void putBackOld(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    incident.killed(workers.kill(worker.get()));
    int files = workers.keepDisk(worker.get());
    workers.start(worker.get());
    Readiness readiness = workers.awaitReady(worker.get(), Workers.READY_TIMEOUT);
    if (!readiness.isReady()) {
      incident.missing(worker.get() + " is " + readiness.describe());
    }
    Thread.sleep(incident.step().parameter("gap-ms"));
    incident.killed(workers.kill(worker.get()));
    int changed = workers.putBackDisk(worker.get());
    String what = "%d files put back, %d of them had changed since".formatted(files, changed);
    if (changed > 0) {
      incident.observed(what);
    } else {
      incident.missing(what);
    }
    healing.worker(incident, worker.get());
  }

  void litter(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    incident.killed(workers.kill(worker.get()));
    int files = workers.litterDisk(worker.get());
    String what = files + " files of nobody on the disk of " + worker.get();
    if (files > 0) {
      incident.observed(what);
    } else {
      incident.missing(what);
    }
    healing.worker(incident, worker.get());
  }

  void exchange(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    Optional<String> other =
        workers.running().stream().filter(name -> !name.equals(worker.get())).findFirst();
    if (other.isEmpty()) {
      incident.missing("there is no other worker");
      return;
    }
    incident.held(targets.heldBy(other.get()));
    incident.killed(workers.kill(worker.get()));
    incident.killed(workers.kill(other.get()));
    List<Integer> files = workers.exchangeDisks(worker.get(), other.get());
    String what =
        "disks exchanged: %s has %d files, %s has %d"
            .formatted(worker.get(), files.getFirst(), other.get(), files.getLast());
    if (files.stream().allMatch(count -> count > 0)) {
      incident.observed(what);
    } else {
      incident.missing(what);
    }
    workers.start(worker.get());
    workers.start(other.get());
    healing.worker(incident, other.get());
    healing.worker(incident, worker.get());
  }
}
