package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerControl;
import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.process.Preload;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// C1 and C3: a worker or a broker whose wall clock jumps, and later jumps back. Its monotonic
/// clock goes on as ever.
final class WrongClocks {
  private final Workers workers;
  private final BrokerFaults brokerFaults;
  private final Targets targets;
  private final Healing healing;

  WrongClocks(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.brokerFaults = field.brokerFaults();
    this.targets = targets;
    this.healing = healing;
  }

  void jump(Incident incident) throws InterruptedException {
    Optional<Preload> preload = workers.preload();
    Optional<String> worker = preload.isEmpty() ? Optional.empty() : targets.worker(incident);
    if (preload.isEmpty() || worker.isEmpty()) {
      incident.missing("no library of ours is loaded by a worker");
      return;
    }
    incident.actsNow();
    incident.clockAhead(ahead(incident));
    hold(incident, preload.get(), worker.get());
    healing.worker(incident, worker.get());
  }

  void jumpOfBroker(Incident incident) throws InterruptedException {
    switch (brokerFaults) {
      case BrokerFaults.Unsupported(String reason) -> incident.missing(reason);
      case BrokerFaults.Supported(BrokerControl control) -> {
        OptionalInt broker = targets.broker(incident);
        Optional<Preload> preload = control.preload();
        if (preload.isEmpty() || broker.isEmpty()) {
          incident.missing("no library of ours is loaded by a broker");
        } else {
          incident.actsNow();
          hold(incident, preload.get(), BrokerControl.name(broker.getAsInt()));
          healing.broker(incident, control, broker.getAsInt());
        }
      }
    }
  }

  private static Duration ahead(Incident incident) {
    return Duration.ofMillis(incident.step().parameter("ahead-ms"));
  }

  private static void hold(Incident incident, Preload preload, String name)
      throws InterruptedException {
    Duration ahead = ahead(incident);
    long before = preload.wrongTimes(name);
    try {
      preload.setClockAhead(name, ahead);
      Thread.sleep(incident.step().parameter("hold-ms"));
    } finally {
      preload.setClockAhead(name, Duration.ZERO);
    }
    long told = preload.wrongTimes(name) - before;
    String what =
        "%s was told %d times that it is %d ms %s"
            .formatted(
                name, told, Math.abs(ahead.toMillis()), ahead.isNegative() ? "earlier" : "later");
    if (told > 0) {
      incident.observed(what);
    } else {
      incident.missing(what);
    }
  }
}
