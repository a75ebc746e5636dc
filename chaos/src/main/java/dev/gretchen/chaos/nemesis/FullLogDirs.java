package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerControl;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// B6: a broker whose disk is full. It gives up, and comes back when there is room again.
final class FullLogDirs {
  /// What fits beside its logs before the disk is filled: enough to start.
  private static final long FREE_BYTES = 64 << 20;

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  /// How long a broker may go on with nowhere to write.
  private static final Duration END_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration POLL = Duration.ofMillis(100);

  private final Targets targets;
  private final Healing healing;

  FullLogDirs(Targets targets, Healing healing) {
    this.targets = targets;
    this.healing = healing;
  }

  void fill(Incident incident) throws InterruptedException {
    Optional<BrokerControl> control = targets.control(incident);
    OptionalInt broker = control.isEmpty() ? OptionalInt.empty() : targets.broker(incident);
    if (control.isPresent() && broker.isPresent()) {
      fill(incident, control.get(), broker.getAsInt());
    }
  }

  private void fill(Incident incident, BrokerControl control, int id) throws InterruptedException {
    incident.actsNow();
    // in order, so that it leaves no more than it needs
    if (control.stopGracefully(id, STOP_TIMEOUT).isEmpty()) {
      control.kill(id);
    }
    control.shrinkDisk(id, FREE_BYTES);
    control.restart(id);
    if (!Healing.awaitRegistered(control, id)) {
      incident.missing("broker " + id + " is not registered on a small disk");
    }
    incident.observed("disk full after " + control.fillDisk(id) + " more bytes");
    awaitEnd(incident, control, id);
    if (control.isAlive(id)) {
      control.kill(id);
    }
    control.restoreDisk(id);
    healing.broker(incident, control, id);
    healing.replicas(incident);
  }

  private static void awaitEnd(Incident incident, BrokerControl control, int id)
      throws InterruptedException {
    long from = System.nanoTime();
    while (control.isAlive(id) && System.nanoTime() - from < END_TIMEOUT.toNanos()) {
      Thread.sleep(POLL);
    }
    long millis = (System.nanoTime() - from) / 1_000_000;
    if (control.isAlive(id)) {
      incident.missing("broker %d still runs after %d ms".formatted(id, millis));
    } else {
      incident.observed("broker %d gave up after %d ms".formatted(id, millis));
    }
  }
}
