package dev.gretchen.chaos.broker;

import java.util.Map;

/// A listener that every broker has for somebody who does not reach it directly: it advertises
/// another port than the one that it listens on.
///
/// @param advertised the port on 127.0.0.1 that each broker tells its clients, by broker
public record Lane(Map<Integer, Integer> advertised) {
  public Lane {
    advertised = Map.copyOf(advertised);
  }

  int advertisedBy(int broker) {
    Integer port = advertised.get(broker);
    if (port == null) {
      throw new IllegalArgumentException(
          "A lane has ports for the brokers " + advertised.keySet() + ", none for " + broker);
    }
    return port;
  }
}
