package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// S1, S2, S5: workers that stand still and go on, having noticed nothing.
final class Pauses {
  /// How long others may take to take over: a session time-out and more.
  private static final Duration EVICTION_TIMEOUT = Duration.ofSeconds(30);

  /// The successors are at work by then, so that a zombie meets them.
  private static final Duration SETTLED = Duration.ofSeconds(1);

  /// How much longer than it runs a starved worker stands still.
  private static final long STILL_FACTOR = 9;

  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  Pauses(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  void briefly(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent()) {
      long millis = incident.step().parameter("pause-ms");
      try {
        pause(incident, worker.get());
        Thread.sleep(millis);
      } finally {
        workers.resume(worker.get());
      }
      incident.observed("went on after " + millis + " ms");
      healing.worker(incident, worker.get());
    }
  }

  /// It believes that it still has what others have got meanwhile.
  void pastEviction(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    List<String> held = targets.heldBy(worker.get());
    try {
      pause(incident, worker.get());
      Optional<Duration> taken = targets.awaitWithOthers(held, worker.get(), EVICTION_TIMEOUT);
      if (taken.isPresent() && !held.isEmpty()) {
        incident.observed(
            "its %d partitions with others after %d ms"
                .formatted(held.size(), taken.get().toMillis()));
        Thread.sleep(SETTLED);
      } else {
        incident.missing(
            "others did not take its %d partitions over within %d s"
                .formatted(held.size(), EVICTION_TIMEOUT.toSeconds()));
      }
    } finally {
      workers.resume(worker.get());
    }
    incident.observed("went on as a zombie");
    healing.worker(incident, worker.get());
  }

  /// In slices: it answers now and then, and is always late.
  void starve(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    long run = incident.step().parameter("run-ms");
    long slices = incident.step().parameter("times");
    long still = 0;
    long from = System.nanoTime();
    incident.actsNow();
    try {
      for (int i = 0; i < slices; i++) {
        long stopped = System.nanoTime();
        if (!workers.pause(worker.get())) {
          incident.missing(worker.get() + " did not stand still after SIGSTOP");
        }
        Thread.sleep(run * STILL_FACTOR);
        workers.resume(worker.get());
        still += System.nanoTime() - stopped;
        Thread.sleep(run);
      }
    } finally {
      workers.resume(worker.get());
    }
    incident.observed(
        "stood still for %d of %d ms, in %d slices"
            .formatted(still / 1_000_000, (System.nanoTime() - from) / 1_000_000, slices));
    healing.worker(incident, worker.get());
  }

  private void pause(Incident incident, String worker) throws InterruptedException {
    incident.actsNow();
    if (workers.pause(worker)) {
      incident.observed("SIGSTOP holds " + worker);
    } else {
      incident.missing(worker + " did not stand still after SIGSTOP");
    }
  }
}
