package dev.gretchen.chaos.broker;

import dev.gretchen.chaos.process.Preload;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How many brokers, and from where.
///
/// @param count 1 to [#COUNT_MAX]
/// @param classPath holds the Kafka server, this module and Logback
/// @param java the `java` program
/// @param logs folder for the brokers' logs
/// @param lanes listeners beside the usual one
/// @param preload a library that each broker loads first, null for none
public record BrokerSettings(
    int count, String classPath, Path java, Path logs, Lanes lanes, @Nullable Preload preload) {

  /// Listeners beside the usual one.
  ///
  /// @param workers for whoever does not reach a broker directly
  /// @param peers for the brokers themselves, one for each in the order of their ids; none where
  ///   they use the usual one
  public record Lanes(List<Lane> workers, List<Lane> peers) {
    public Lanes {
      workers = List.copyOf(workers);
      peers = List.copyOf(peers);
    }

    /// Those of workers first.
    List<Lane> all() {
      return Stream.concat(workers.stream(), peers.stream()).toList();
    }
  }

  public static final int COUNT_DEFAULT = 3;

  /// More would only share the same machine.
  public static final int COUNT_MAX = 9;

  public BrokerSettings {
    if (!lanes.peers().isEmpty() && lanes.peers().size() != count) {
      throw new IllegalArgumentException(
          "%d brokers need a listener for each of them, not %d"
              .formatted(count, lanes.peers().size()));
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
        new Lanes(List.of(), List.of()),
        null);
  }

  public BrokerSettings withCount(int brokers) {
    return new BrokerSettings(brokers, classPath, java, logs, lanes, preload);
  }

  public BrokerSettings withClassPath(String path) {
    return new BrokerSettings(count, path, java, logs, lanes, preload);
  }

  /// Each broker listens for each of these lanes too.
  public BrokerSettings withLanes(List<Lane> more) {
    return new BrokerSettings(
        count, classPath, java, logs, new Lanes(more, lanes.peers()), preload);
  }

  /// Each broker reaches the others through these, the first of them that of broker 1.
  public BrokerSettings withPeers(List<Lane> ways) {
    return new BrokerSettings(
        count, classPath, java, logs, new Lanes(lanes.workers(), ways), preload);
  }

  /// Each broker loads this library first.
  public BrokerSettings withPreload(@Nullable Preload library) {
    return new BrokerSettings(count, classPath, java, logs, lanes, library);
  }

  int replicationFactor() {
    return Math.min(3, count);
  }

  int minInsyncReplicas() {
    return Math.min(2, count);
  }
}
