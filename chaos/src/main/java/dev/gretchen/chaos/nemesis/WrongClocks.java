package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.process.Preload;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.Optional;

/// C1: a worker whose wall clock jumps, and later jumps back. Its monotonic clock goes on as ever.
final class WrongClocks {
  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  WrongClocks(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  void jump(Incident incident) throws InterruptedException {
    Optional<Preload> preload = workers.preload();
    Optional<String> target = preload.isEmpty() ? Optional.empty() : targets.worker(incident);
    if (preload.isEmpty() || target.isEmpty()) {
      incident.missing("no library of ours is loaded by a worker");
      return;
    }
    String worker = target.get();
    Duration ahead = Duration.ofMillis(incident.step().parameter("ahead-ms"));
    long before = preload.get().wrongTimes(worker);
    incident.actsNow();
    incident.clockAhead(ahead);
    try {
      preload.get().setClockAhead(worker, ahead);
      Thread.sleep(incident.step().parameter("hold-ms"));
    } finally {
      preload.get().setClockAhead(worker, Duration.ZERO);
    }
    long told = preload.get().wrongTimes(worker) - before;
    String what =
        "%s was told %d times that it is %d ms %s"
            .formatted(
                worker,
                told,
                Math.abs(ahead.toMillis()),
                ahead.isNegative() ? "earlier" : "later");
    if (told > 0) {
      incident.observed(what);
    } else {
      incident.missing(what);
    }
    healing.worker(incident, worker);
  }
}
