package dev.gretchen.chaos.broker;

import java.util.Map;

/// The Kafka cluster that a run uses.
public sealed interface Cluster extends AutoCloseable
    permits Brokers, DockerCluster, ExternalCluster {

  /// Addresses for `bootstrap.servers`.
  String bootstrap();

  /// What a Kafka client needs to connect, `bootstrap.servers` included.
  Map<String, String> clientProperties();

  /// Whether its brokers can be killed, and by what.
  BrokerFaults brokerFaults();

  /// Stops what was started for it; safe to call again and from any thread.
  @Override
  void close();
}
