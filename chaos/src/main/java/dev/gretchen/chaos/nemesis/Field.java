package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.worker.Workers;

/// What the nemesis acts upon.
public record Field(Workers workers, BrokerFaults brokerFaults, Roles roles) {}
