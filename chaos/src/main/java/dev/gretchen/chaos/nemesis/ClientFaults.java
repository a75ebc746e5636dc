package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.proxy.Entrance;
import java.util.Optional;

/// N9, N10: the connections of an app's clients to one worker, which are cut, or stand still.
final class ClientFaults {
  private final Field field;
  private final Targets targets;
  private final Healing healing;

  ClientFaults(Field field, Targets targets, Healing healing) {
    this.field = field;
    this.targets = targets;
    this.healing = healing;
  }

  /// All are reset, and whoever comes meanwhile too, so that they have to go to another worker.
  void cut(Incident incident) throws InterruptedException {
    Optional<String> worker = worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    Entrance entrance = field.entrances().of(worker.get());
    long before = entrance.turnedAway();
    incident.actsNow();
    try {
      entrance.shut();
      int cut = entrance.cut();
      if (cut > 0) {
        incident.observed(cut + " connections of clients reset");
      } else {
        incident.missing("no client was connected to " + worker.get());
      }
      Thread.sleep(incident.step().parameter("hold-ms"));
    } finally {
      entrance.free();
    }
    if (entrance.turnedAway() > before) {
      incident.observed(entrance.turnedAway() - before + " clients turned away");
    }
    healing.worker(incident, worker.get());
  }

  /// Nothing comes through either way; then all of it does.
  void stall(Incident incident) throws InterruptedException {
    Optional<String> worker = worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    Entrance entrance = field.entrances().of(worker.get());
    int held;
    incident.actsNow();
    try {
      entrance.hold();
      Thread.sleep(incident.step().parameter("hold-ms"));
      held = entrance.held();
    } finally {
      entrance.free();
    }
    String what = held + " connections of clients held back";
    if (held > 0) {
      incident.observed(what);
    } else {
      incident.missing(what);
    }
    healing.worker(incident, worker.get());
  }

  private Optional<String> worker(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isPresent() && !field.entrances().has(worker.get())) {
      incident.missing("no client has come to " + worker.get());
      return Optional.empty();
    }
    return worker;
  }
}
