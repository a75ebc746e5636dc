package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.DiskDamage;
import dev.gretchen.chaos.worker.Workers;
import java.util.Optional;

/// D5: files of a worker's store that are not what was written.
final class DamagedDisks {
  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  DamagedDisks(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  void flipBit(Incident incident) throws InterruptedException {
    damage(incident, DiskDamage.FLIPPED_BIT);
  }

  void flipBitOfManifest(Incident incident) throws InterruptedException {
    damage(incident, DiskDamage.FLIPPED_BIT_OF_MANIFEST);
  }

  void truncate(Incident incident) throws InterruptedException {
    damage(incident, DiskDamage.TRUNCATED);
  }

  private void damage(Incident incident, DiskDamage damage) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    incident.killed(workers.kill(worker.get()));
    Optional<String> done =
        workers.damageDisk(worker.get(), damage, incident.step().parameter("choice"));
    done.ifPresentOrElse(
        incident::observed,
        () -> incident.missing("the disk of " + worker.get() + " has no file with content"));
    healing.worker(incident, worker.get());
  }
}
