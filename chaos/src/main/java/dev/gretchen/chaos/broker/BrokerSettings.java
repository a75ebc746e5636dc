package dev.gretchen.chaos.broker;

import java.nio.file.Path;
import java.util.List;

/// How many brokers, and from where.
///
/// @param count 1 to [#COUNT_MAX]
/// @param classPath holds the Kafka server, this module and Logback
/// @param java the `java` program
/// @param logs folder for the brokers' logs
/// @param lanes listeners beside the usual one
/// @param peers listeners for the brokers themselves, one for each in the order of their ids; none
///   where they use the usual one
public record BrokerSettings(
    int count, String classPath, Path java, Path logs, List<Lane> lanes, List<Lane> peers) {
  public static final int COUNT_DEFAULT = 3;

  /// More would only share the same machine.
  public static final int COUNT_MAX = 9;

  public BrokerSettings {
    lanes = List.copyOf(lanes);
    peers = List.copyOf(peers);
    if (!peers.isEmpty() && peers.size() != count) {
      throw new IllegalArgumentException(
          "%d brokers need a listener for each of them, not %d".formatted(count, peers.size()));
    }
    if (count < 1 || count > COUNT_MAX) {
      throw new IllegalArgumentException(
          "The number of brokers must be 1 to " + COUNT_MAX + ", not " + count);
    }
  }

  /// Three brokers on this JVM's class path and Java.
  public static BrokerSettings withLogs(Path logs) {
    return new BrokerSettings(
        COUNT_DEFAULT,
        System.getProperty("java.class.path"),
        Path.of(System.getProperty("java.home"), "bin", "java"),
        logs,
        List.of(),
        List.of());
  }

  public BrokerSettings withCount(int brokers) {
    return new BrokerSettings(brokers, classPath, java, logs, lanes, peers);
  }

  public BrokerSettings withClassPath(String path) {
    return new BrokerSettings(count, path, java, logs, lanes, peers);
  }

  /// Each broker listens for each of these lanes too.
  public BrokerSettings withLanes(List<Lane> more) {
    return new BrokerSettings(count, classPath, java, logs, more, peers);
  }

  /// Each broker reaches the others through these, the first of them that of broker 1.
  public BrokerSettings withPeers(List<Lane> ways) {
    return new BrokerSettings(count, classPath, java, logs, lanes, ways);
  }

  int replicationFactor() {
    return Math.min(3, count);
  }

  int minInsyncReplicas() {
    return Math.min(2, count);
  }
}
