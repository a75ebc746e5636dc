package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.service.Front;
import dev.gretchen.chaos.worker.Workers;
import java.util.List;

/// What the nemesis acts upon.
///
/// @param services the fronts of the services that the app calls
public record Field(Workers workers, BrokerFaults brokerFaults, Roles roles, List<Front> services) {
  public Field {
    services = List.copyOf(services);
  }

  /// Of an app that calls no service.
  public Field(Workers workers, BrokerFaults brokerFaults, Roles roles) {
    this(workers, brokerFaults, roles, List.of());
  }
}
