package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What a client knows of topics.
final class TopicCache {

  /// The one node that stands for the cluster.
  static final Node NODE = new Node(0, "sim", 9092);

  private static final Node[] REPLICAS = {NODE};

  private final Connection connection;
  private final Duration requestTimeout;
  private final Backoff backoff;
  private final Map<String, Integer> counts = new TreeMap<>();
  private final Set<String> unknown = new TreeSet<>();

  TopicCache(Connection connection, Duration requestTimeout, Backoff backoff) {
    this.connection = connection;
    this.requestTimeout = requestTimeout;
    this.backoff = backoff;
  }

  /// The partition count of a topic, as far as it is known.
  @Nullable Integer partitions(String topic) {
    return counts.get(topic);
  }

  /// Has a topic looked up again before it is next used.
  void forget(String topic) {
    counts.remove(topic);
  }

  /// The partition count of a topic, which is asked for if it is not known, or not known to be
  /// large enough.
  ///
  /// @throws TimeoutException if it does not show up in time
  int await(String topic, @Nullable Integer partition, Duration bound) {
    long deadline = connection.now() + bound.toNanos();
    int attempts = 0;
    while (true) {
      Integer count = counts.get(topic);
      if (count != null && (partition == null || partition < count)) {
        return count;
      }
      long left = deadline - connection.now();
      if (left <= 0) {
        throw absent(topic, partition, bound);
      }
      if (attempts > 0) {
        connection.sleep(Math.min(left, backoff.nanos(attempts - 1)));
      }
      attempts++;
      refresh(Set.of(topic), shorter(requestTimeout, deadline - connection.now()));
    }
  }

  /// A topic that the cluster does not know is the cause; one that has too few partitions has none.
  private TimeoutException absent(String topic, @Nullable Integer partition, Duration bound) {
    Integer count = counts.get(topic);
    if (count != null) {
      return new TimeoutException(
          "Partition %d of topic %s with partition count %d is not present in metadata after %d ms."
              .formatted(partition, topic, count, bound.toMillis()));
    }
    String text =
        "Topic %s not present in metadata after %d ms.".formatted(topic, bound.toMillis());
    return unknown.contains(topic)
        ? new TimeoutException(text, Errors.UNKNOWN_TOPIC_OR_PARTITION.exception())
        : new TimeoutException(text);
  }

  /// Topics by name, all that exist where none is named.
  ///
  /// @throws TimeoutException if nobody answers in time
  Map<String, Reply.Topic> describe(Set<String> topics, Duration bound) {
    long deadline = connection.now() + bound.toNanos();
    for (int attempt = 0; ; attempt++) {
      Map<String, Reply.Topic> found =
          refresh(topics, shorter(requestTimeout, deadline - connection.now()));
      if (found != null) {
        return found;
      }
      long left = deadline - connection.now();
      if (left <= 0) {
        throw new TimeoutException("Failed to get metadata within " + bound.toMillis() + " ms.");
      }
      connection.sleep(Math.min(left, backoff.nanos(attempt)));
    }
  }

  private @Nullable Map<String, Reply.Topic> refresh(Set<String> topics, Duration bound) {
    Reply.Topics reply = connection.call(new Request.Metadata(topics), bound);
    if (reply == null || reply.error() != Errors.NONE) {
      return null;
    }
    take(topics, reply);
    return reply.topics();
  }

  /// Remembers what an answer says about the topics that were asked for.
  void take(Set<String> asked, Reply.Topics reply) {
    asked.forEach(counts::remove);
    unknown.addAll(asked);
    unknown.removeAll(reply.topics().keySet());
    reply.topics().forEach((name, topic) -> counts.put(name, topic.partitions()));
  }

  static Duration shorter(Duration bound, long nanos) {
    return Duration.ofNanos(Math.max(0, Math.min(bound.toNanos(), nanos)));
  }

  static List<PartitionInfo> infos(String topic, int count) {
    List<PartitionInfo> infos = new ArrayList<>();
    for (int partition = 0; partition < count; partition++) {
      infos.add(new PartitionInfo(topic, partition, NODE, REPLICAS, REPLICAS));
    }
    return infos;
  }

  /// The cluster as an assignor sees it.
  static Cluster cluster(Map<String, Reply.Topic> topics) {
    List<PartitionInfo> infos = new ArrayList<>();
    new TreeMap<>(topics).forEach((name, topic) -> infos.addAll(infos(name, topic.partitions())));
    return new Cluster("sim", List.of(NODE), infos, Set.of(), Set.of());
  }
}
