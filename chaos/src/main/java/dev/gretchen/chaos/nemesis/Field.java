package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.proxy.NetworkFaults;
import dev.gretchen.chaos.service.Front;
import dev.gretchen.chaos.worker.Workers;
import java.util.List;

/// What the nemesis acts upon.
///
/// @param network the links between workers and brokers
/// @param intruder what somebody from outside does to the group and its transactions
/// @param services the fronts of the services that the app calls
public record Field(
    Workers workers,
    BrokerFaults brokerFaults,
    NetworkFaults network,
    Roles roles,
    Intruder intruder,
    List<Front> services) {
  public Field {
    services = List.copyOf(services);
  }
}
