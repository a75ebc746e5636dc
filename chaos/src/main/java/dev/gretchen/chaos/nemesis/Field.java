package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.proxy.NetworkFaults;
import dev.gretchen.chaos.worker.Workers;

/// What the nemesis acts upon.
///
/// @param network the links between workers and brokers
/// @param intruder what somebody from outside does to the group and its transactions
public record Field(
    Workers workers,
    BrokerFaults brokerFaults,
    NetworkFaults network,
    Roles roles,
    Intruder intruder) {}
