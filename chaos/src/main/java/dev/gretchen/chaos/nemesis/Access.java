package dev.gretchen.chaos.nemesis;

/// The nemesis's ways into Kafka.
///
/// @param roles who has a role right now
/// @param intruder what somebody from outside does to the group and its transactions
/// @param operator what somebody does to topics
/// @param onlookers who reads along
public record Access(Roles roles, Intruder intruder, Operator operator, Onlookers onlookers) {}
