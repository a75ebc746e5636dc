package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.Workers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// U: workers that are restarted one after the other as something else, so that for a while old and
/// new ones share the group. The next time they go back, and the final healing leaves them as they
/// are: both are the app.
final class Rollouts {
  /// Words of a worker's command, which differ from its usual ones.
  private static final Map<String, String> SETTINGS =
      Map.of("commit-interval", "370", "standbys", "0");

  private static final Map<String, String> VERSION = Map.of("version", "2");

  private final Workers workers;
  private final Targets targets;
  private final OrderlyFaults orderly;
  private final Healing healing;

  Rollouts(Field field, Targets targets, OrderlyFaults orderly, Healing healing) {
    this.workers = field.workers();
    this.targets = targets;
    this.orderly = orderly;
    this.healing = healing;
  }

  void reconfigure(Incident incident) throws InterruptedException {
    roll(incident, SETTINGS);
  }

  void upgrade(Incident incident) throws InterruptedException {
    roll(incident, VERSION);
  }

  private void roll(Incident incident, Map<String, String> values) throws InterruptedException {
    List<String> rolled =
        workers.initial().stream().limit(incident.step().parameter("workers")).toList();
    // all the same way, whatever each of them is now
    boolean back = workers.settings(rolled.getFirst()).keySet().containsAll(values.keySet());
    for (String worker : rolled) {
      incident.hitsWorker(worker);
      incident.held(targets.heldBy(worker));
      if (workers.isRunning(worker)) {
        orderly.stop(incident, worker);
      } else {
        incident.missing(worker + " was down before its turn");
      }
      Map<String, String> own = new HashMap<>(workers.settings(worker));
      if (back) {
        own.keySet().removeAll(values.keySet());
      } else {
        own.putAll(values);
      }
      workers.set(worker, own);
      workers.start(worker);
      incident.observed(worker + " started with " + (back ? "what it had before" : own));
      healing.worker(incident, worker);
    }
  }
}
