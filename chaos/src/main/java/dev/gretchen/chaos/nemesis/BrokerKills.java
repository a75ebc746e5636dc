package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerControl;
import dev.gretchen.chaos.broker.BrokerFaults;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;

/// B1 and B2: a broker gets SIGKILL and comes back on its disk once the cluster has noticed.
final class BrokerKills {
  /// How long the cluster may take to notice: the broker's session, and an election of controllers.
  private static final Duration NOTICE_TIMEOUT = Duration.ofSeconds(30);

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofMillis(100);

  private final BrokerFaults brokerFaults;
  private final Targets targets;
  private final Healing healing;

  BrokerKills(Field field, Targets targets, Healing healing) {
    this.brokerFaults = field.brokerFaults();
    this.targets = targets;
    this.healing = healing;
  }

  void kill(Incident incident) throws InterruptedException {
    switch (brokerFaults) {
      case BrokerFaults.Unsupported(String reason) -> incident.missing(reason);
      case BrokerFaults.Supported(BrokerControl control) -> {
        OptionalInt broker = targets.broker(incident);
        if (broker.isPresent()) {
          incident.killedBroker(control.kill(broker.getAsInt()));
          incident.observed("it was the " + incident.step().target());
          awaitNoticed(incident, control, broker.getAsInt());
          healing.broker(incident, control, broker.getAsInt());
        }
      }
    }
  }

  private static void awaitNoticed(Incident incident, BrokerControl control, int id)
      throws InterruptedException {
    long deadline = System.nanoTime() + NOTICE_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      Set<Integer> registered = control.registered(ANSWER_TIMEOUT);
      // no answer says nothing
      if (!registered.isEmpty() && !registered.contains(id)) {
        incident.observed("broker " + id + " no longer in the cluster's node list");
        return;
      }
      Thread.sleep(POLL);
    }
    incident.missing("broker " + id + " never left the cluster's node list");
  }
}
