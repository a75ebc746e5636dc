package dev.gretchen.chaos.broker;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The configuration of one broker of a cluster.
///
/// Where it departs from Kafka's defaults it is for one of three reasons: many brokers share a
/// small machine; no record of a run may be deleted before it is judged; a fault's consequences
/// should show in seconds rather than minutes, at values that Kafka still allows.
final class ServerProperties {
  private static final int INTERNAL_PARTITIONS = 8;
  private static final int BROKER_SESSION_TIMEOUT_MILLIS = 6_000;
  private static final int PEERS_LAG_MILLIS = 4_000;

  private ServerProperties() {}

  /// @param id 1 to the number of nodes
  /// @param nodes all nodes of the cluster
  static Map<String, String> of(int id, List<Node> nodes, BrokerSettings settings, Path data) {
    Node self = nodes.stream().filter(node -> node.id() == id).findFirst().orElseThrow();
    Map<String, String> properties = new TreeMap<>();
    identity(properties, self, nodes, data);
    lanes(properties, self, settings);
    replication(properties, settings);
    frugality(properties);
    pace(properties);
    if (!settings.lanes().peers().isEmpty()) {
      // followers that cannot reach their leader leave the set in time for us to see it
      properties.put("replica.lag.time.max.ms", Integer.toString(PEERS_LAG_MILLIS));
    }
    return properties;
  }

  private static void identity(
      Map<String, String> properties, Node self, List<Node> nodes, Path data) {
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(self.id()));
    properties.put("controller.quorum.voters", voters(nodes));
    String broker = "BROKER://127.0.0.1:" + self.port();
    properties.put("listeners", broker + ",CONTROLLER://127.0.0.1:" + self.controllerPort());
    properties.put("advertised.listeners", broker);
    properties.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("inter.broker.listener.name", "BROKER");
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("log.dirs", data.toString());
    properties.put("auto.create.topics.enable", "false");
  }

  /// A listener of its own for each lane, with one network thread: it serves one worker, or one of
  /// the other brokers. Each broker uses another listener of its peers, so that its way to each of
  /// them is its own.
  private static void lanes(Map<String, String> properties, Node self, BrokerSettings settings) {
    int number = 0;
    for (Lane lane : settings.lanes().workers()) {
      lane(properties, "LANE" + (number + 1), self, lane, self.lanes().get(number));
      number++;
    }
    int peer = 0;
    for (Lane lane : settings.lanes().peers()) {
      peer++;
      lane(properties, "PEER" + peer, self, lane, self.lanes().get(number));
      number++;
    }
    if (peer > 0) {
      properties.put("inter.broker.listener.name", "PEER" + self.id());
    }
  }

  private static void lane(
      Map<String, String> properties, String name, Node self, Lane lane, int port) {
    append(properties, "listeners", name + "://127.0.0.1:" + port);
    int advertised = lane.advertisedBy(self.id());
    append(properties, "advertised.listeners", name + "://127.0.0.1:" + advertised);
    append(properties, "listener.security.protocol.map", name + ":PLAINTEXT");
    properties.put("listener.name." + name.toLowerCase(Locale.ROOT) + ".num.network.threads", "1");
  }

  private static void append(Map<String, String> properties, String key, String value) {
    properties.merge(key, value, (present, more) -> present + "," + more);
  }

  private static String voters(List<Node> nodes) {
    return nodes.stream()
        .sorted(Comparator.comparingInt(Node::id))
        .map(node -> node.id() + "@127.0.0.1:" + node.controllerPort())
        .collect(Collectors.joining(","));
  }

  private static void replication(Map<String, String> properties, BrokerSettings settings) {
    String replicas = Integer.toString(settings.replicationFactor());
    String insync = Integer.toString(settings.minInsyncReplicas());
    String partitions = Integer.toString(INTERNAL_PARTITIONS);
    properties.put("default.replication.factor", replicas);
    properties.put("min.insync.replicas", insync);
    properties.put("offsets.topic.replication.factor", replicas);
    properties.put("offsets.topic.num.partitions", partitions);
    properties.put("transaction.state.log.replication.factor", replicas);
    properties.put("transaction.state.log.min.isr", insync);
    properties.put("transaction.state.log.num.partitions", partitions);
    properties.put("share.coordinator.state.topic.replication.factor", replicas);
    properties.put("share.coordinator.state.topic.min.isr", insync);
    properties.put("share.coordinator.state.topic.num.partitions", partitions);
  }

  private static void frugality(Map<String, String> properties) {
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "4");
    properties.put("num.replica.fetchers", "1");
    properties.put("num.recovery.threads.per.data.dir", "2");
    // the default of 128 MB would be a third of the heap
    properties.put("log.cleaner.dedupe.buffer.size", "16777216");
    properties.put("log.segment.bytes", "67108864");
    properties.put("log.index.size.max.bytes", "1048576");
    // the judge reads everything again
    properties.put("log.retention.ms", "-1");
    properties.put("log.retention.bytes", "-1");
  }

  private static void pace(Map<String, String> properties) {
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("group.consumer.min.session.timeout.ms", "6000");
    properties.put("group.consumer.session.timeout.ms", "6000");
    properties.put("group.consumer.min.heartbeat.interval.ms", "1000");
    properties.put("group.consumer.heartbeat.interval.ms", "1000");
    // what a group of Kafka Streams may ask for; it has Kafka's defaults where it asks for nothing
    properties.put("group.streams.min.session.timeout.ms", "6000");
    properties.put("group.streams.min.heartbeat.interval.ms", "1000");
    properties.put("group.streams.initial.rebalance.delay.ms", "0");
    properties.put("broker.session.timeout.ms", Integer.toString(BROKER_SESSION_TIMEOUT_MILLIS));
    properties.put("broker.heartbeat.interval.ms", "1000");
    // how soon the transaction of a dead worker is aborted once it has timed out
    properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
  }

  /// A broker's place on the machine.
  ///
  /// @param lanes the port that it listens on for each lane, those of its peers last
  record Node(int id, int port, int controllerPort, List<Integer> lanes) {
    Node {
      lanes = List.copyOf(lanes);
    }
  }
}
