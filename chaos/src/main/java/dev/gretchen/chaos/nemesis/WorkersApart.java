package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.process.Connections;
import dev.gretchen.chaos.worker.Incarnation;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.List;

/// N14: workers that all reach Kafka, and lose each other: whatever connects two of them is reset
/// as soon as it is there.
final class WorkersApart {
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final Workers workers;
  private final Healing healing;

  WorkersApart(Field field, Healing healing) {
    this.workers = field.workers();
    this.healing = healing;
  }

  void keep(Incident incident) throws InterruptedException {
    long deadline = System.nanoTime() + incident.step().parameter("hold-ms") * 1_000_000;
    int ended = 0;
    incident.actsNow();
    while (System.nanoTime() < deadline) {
      ended += Connections.end(Connections.among(pids()));
      Thread.sleep(LOOK_EVERY);
    }
    String what = ended + " connections between workers reset";
    if (ended > 0) {
      incident.observed(what);
    } else {
      incident.missing(what);
    }
    for (String worker : workers.initial()) {
      healing.worker(incident, worker);
    }
  }

  private List<Long> pids() {
    return workers.running().stream()
        .flatMap(worker -> workers.incarnation(worker).map(Incarnation::pid).stream())
        .toList();
  }
}
