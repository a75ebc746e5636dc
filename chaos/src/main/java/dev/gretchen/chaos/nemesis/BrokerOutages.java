package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerControl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// B1, B3, B12, S6: brokers that leave in order, stand still, or are away, several or all at once.
final class BrokerOutages {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(1);

  private final Targets targets;
  private final Healing healing;

  BrokerOutages(Targets targets, Healing healing) {
    this.targets = targets;
    this.healing = healing;
  }

  void stop(Incident incident) throws InterruptedException {
    Optional<BrokerControl> control = targets.control(incident);
    OptionalInt broker = control.isEmpty() ? OptionalInt.empty() : targets.broker(incident);
    if (control.isEmpty() || broker.isEmpty()) {
      return;
    }
    incident.actsNow();
    OptionalInt status = control.get().stopGracefully(broker.getAsInt(), STOP_TIMEOUT);
    if (status.isPresent()) {
      incident.observed("SIGTERM: gone with exit status " + status.getAsInt());
    } else {
      incident.missing("SIGTERM: still running after " + STOP_TIMEOUT.toSeconds() + " s");
    }
    healing.broker(incident, control.get(), broker.getAsInt());
  }

  void pause(Incident incident) throws InterruptedException {
    Optional<BrokerControl> control = targets.control(incident);
    OptionalInt broker = control.isEmpty() ? OptionalInt.empty() : targets.broker(incident);
    if (control.isEmpty() || broker.isEmpty()) {
      return;
    }
    int id = broker.getAsInt();
    incident.actsNow();
    try {
      if (control.get().pause(id)) {
        incident.observed("SIGSTOP holds broker " + id);
      } else {
        incident.missing("broker " + id + " did not stand still after SIGSTOP");
      }
      Thread.sleep(incident.step().parameter("pause-ms"));
    } finally {
      control.get().resume(id);
    }
    healing.broker(incident, control.get(), id);
  }

  /// All but the first: no partition has enough replicas, and the controllers no majority.
  void allButOne(Incident incident) throws InterruptedException {
    Optional<BrokerControl> control = targets.control(incident);
    if (control.isPresent()) {
      List<Integer> ids = List.copyOf(control.get().ids());
      away(incident, control.get(), ids.subList(1, ids.size()), "hold-ms");
    }
  }

  void all(Incident incident) throws InterruptedException {
    Optional<BrokerControl> control = targets.control(incident);
    if (control.isPresent()) {
      away(incident, control.get(), List.copyOf(control.get().ids()), "away-ms");
    }
  }

  /// They stand still and keep what they know. A broker that is killed forgets, when it starts, the
  /// producers whose last record is older than a day by its own timestamp, as those of a load are:
  /// a retry of a load's batch would then be taken for a new one.
  private void away(Incident incident, BrokerControl control, List<Integer> ids, String howLong)
      throws InterruptedException {
    long from = System.nanoTime();
    incident.actsNow();
    try {
      for (int id : ids) {
        if (control.pause(id)) {
          incident.observed("SIGSTOP holds broker " + id);
        } else {
          incident.missing("broker " + id + " did not stand still after SIGSTOP");
        }
      }
      Thread.sleep(incident.step().parameter(howLong));
      Set<Integer> answering = control.registered(ANSWER_TIMEOUT);
      if (answering.containsAll(control.ids())) {
        incident.missing("the cluster answers as if all brokers were there");
      }
    } finally {
      ids.forEach(control::resume);
    }
    incident.observed(
        "%d brokers away for %d ms".formatted(ids.size(), (System.nanoTime() - from) / 1_000_000));
    for (int id : ids) {
      healing.broker(incident, control, id);
    }
  }
}
