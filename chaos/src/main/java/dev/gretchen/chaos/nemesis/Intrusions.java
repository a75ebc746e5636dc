package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.Optional;

/// G1 and G6: somebody from outside removes members from the group, or takes a transactional id.
final class Intrusions {
  /// How long a fenced worker may take to begin anew.
  private static final Duration ANEW_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration POLL = Duration.ofMillis(100);

  private final Intruder intruder;
  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  Intrusions(Field field, Targets targets, Healing healing) {
    this.intruder = field.intruder();
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  void evictAgainAndAgain(Incident incident) throws InterruptedException {
    int evicted = 0;
    incident.actsNow();
    for (int i = 0; i < incident.step().parameter("times"); i++) {
      evicted += intruder.evictMembers();
      Thread.sleep(incident.step().parameter("gap-ms"));
    }
    if (evicted > 0) {
      incident.observed(evicted + " members removed from the group");
    } else {
      incident.missing("no member could be removed from the group");
    }
    for (String worker : workers.initial()) {
      healing.worker(incident, worker);
    }
  }

  void hijack(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    Optional<Intruder.Hijack> hijack = intruder.hijack(worker.get());
    if (hijack.isEmpty()) {
      incident.missing(worker.get() + " has no transactional id that could be taken");
      return;
    }
    incident.observed(
        "transactional id %s taken with producer epoch %d"
            .formatted(hijack.get().transactionalId(), hijack.get().epoch()));
    awaitAnew(incident, hijack.get());
    healing.worker(incident, worker.get());
  }

  /// The epoch grows only with a producer that begins: ours has left.
  private void awaitAnew(Incident incident, Intruder.Hijack hijack) throws InterruptedException {
    long deadline = System.nanoTime() + ANEW_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      int epoch = intruder.producerEpoch(hijack.transactionalId());
      if (epoch >= 0 && epoch != hijack.epoch()) {
        incident.observed("the worker was fenced and began anew: epoch " + epoch);
        return;
      }
      Thread.sleep(POLL);
    }
    incident.missing("nobody began anew within " + ANEW_TIMEOUT.toSeconds() + " s");
  }
}
