package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.process.JvmMemory;
import dev.gretchen.chaos.worker.Workers;
import java.util.Optional;

/// P13: a worker that collects its garbage again and again, all of it, and stands still meanwhile.
final class GarbageStorms {
  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  GarbageStorms(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  void rage(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    incident.actsNow();
    try (JvmMemory memory = workers.memory(worker.get())) {
      JvmMemory.Collected before = memory.collected();
      long asked = collectAgainAndAgain(incident, memory);
      JvmMemory.Collected after = memory.collected();
      long collections = after.collections() - before.collections();
      String what =
          "%s collected garbage %d times in %d ms"
              .formatted(
                  worker.get(), collections, after.paused().minus(before.paused()).toMillis());
      if (asked > 0 && collections >= asked) {
        incident.observed(what);
      } else {
        incident.missing("%s, expected %d times".formatted(what, asked));
      }
    } catch (EnvironmentFailure gone) {
      incident.missing(String.valueOf(gone.getMessage()));
    }
    healing.worker(incident, worker.get());
  }

  /// @return how often it was told to
  private static long collectAgainAndAgain(Incident incident, JvmMemory memory)
      throws InterruptedException {
    long deadline = System.nanoTime() + incident.step().parameter("hold-ms") * 1_000_000;
    long asked = 0;
    while (System.nanoTime() < deadline) {
      memory.collect();
      asked++;
      Thread.sleep(incident.step().parameter("gap-ms"));
    }
    return asked;
  }
}
