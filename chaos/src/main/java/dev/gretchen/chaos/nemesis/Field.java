package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.proxy.Entrances;
import dev.gretchen.chaos.proxy.NetworkFaults;
import dev.gretchen.chaos.proxy.Ways;
import dev.gretchen.chaos.service.Front;
import dev.gretchen.chaos.worker.Workers;
import java.util.List;

/// What the nemesis acts upon.
///
/// @param ways the links of workers, and of brokers among themselves
/// @param access to Kafka
/// @param services the fronts of the services that the app calls
/// @param entrances where clients of ours come in to the workers
public record Field(
    Workers workers,
    BrokerFaults brokerFaults,
    Ways ways,
    Access access,
    List<Front> services,
    Entrances entrances) {
  public Field {
    services = List.copyOf(services);
  }

  /// The links between workers and brokers.
  NetworkFaults network() {
    return ways.workers();
  }

  Roles roles() {
    return access.roles();
  }

  Intruder intruder() {
    return access.intruder();
  }

  Operator operator() {
    return access.operator();
  }
}
