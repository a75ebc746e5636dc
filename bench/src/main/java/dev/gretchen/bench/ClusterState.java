package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/// Topics and groups on the brokers: made fresh for each run, but for the input.
final class ClusterState implements AutoCloseable {

  private static final Duration CALL_BOUND = Duration.ofSeconds(20);
  private static final Duration FRESH_BOUND = Duration.ofSeconds(90);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Admin admin;

  ClusterState(Map<String, ?> connection) {
    this.admin = Admin.create(new HashMap<>(connection));
  }

  /// Keeps the brokers from compacting what is younger than a day. Their cleaner starts when it
  /// likes, on the same cores, and would slow down whoever happens to run.
  void keepUncompacted() throws InterruptedException {
    ConfigResource everyBroker = new ConfigResource(ConfigResource.Type.BROKER, "");
    AlterConfigOp lag =
        new AlterConfigOp(
            new ConfigEntry("log.cleaner.min.compaction.lag.ms", String.valueOf(DAY.toMillis())),
            AlterConfigOp.OpType.SET);
    try {
      await(admin.incrementalAlterConfigs(Map.of(everyBroker, List.of(lag))).all());
    } catch (ExecutionException | TimeoutException cause) {
      throw new EnvironmentFailure("the brokers' log cleaner cannot be held: " + cause, cause);
    }
  }

  /// Makes the input of a workload, empty; nothing else is left.
  void prepare(Workload workload) throws InterruptedException {
    fresh(Set.of(), List.of(workload.stage().input()), Workload.PARTITIONS);
  }

  /// Removes all but the input, and makes the topics of outputs anew.
  void fresh(Workload workload) throws InterruptedException {
    fresh(Set.of(workload.stage().input()), workload.stage().outputs(), Workload.PARTITIONS);
  }

  /// Removes all, and makes topics anew.
  void fresh(List<String> topics, int partitions) throws InterruptedException {
    fresh(Set.of(), topics, partitions);
  }

  private void fresh(Set<String> kept, List<String> made, int partitions)
      throws InterruptedException {
    long deadline = System.nanoTime() + FRESH_BOUND.toNanos();
    while (true) {
      try {
        deleteGroups();
        Set<String> rest = topics();
        rest.removeAll(kept);
        await(admin.deleteTopics(rest).all());
        while (!kept.containsAll(topics()) && System.nanoTime() < deadline) {
          Thread.sleep(PAUSE);
        }
        // event times lie in the past: retention must not take them
        Map<String, String> keepAll = Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");
        List<NewTopic> topics = new ArrayList<>();
        for (String topic : made) {
          topics.add(
              new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(keepAll));
        }
        await(admin.createTopics(topics).all());
        return;
      } catch (ExecutionException | TimeoutException cause) {
        // a group is not empty before its last member's session has ended
        if (System.nanoTime() >= deadline) {
          throw new EnvironmentFailure("the brokers could not be cleared: " + cause, cause);
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  private void deleteGroups() throws InterruptedException, ExecutionException, TimeoutException {
    List<String> groups =
        await(admin.listGroups().all()).stream().map(GroupListing::groupId).toList();
    await(admin.deleteConsumerGroups(groups).all());
  }

  /// All topics but Kafka's own.
  Set<String> topics() throws InterruptedException, ExecutionException, TimeoutException {
    return new TreeSet<>(await(admin.listTopics().names()));
  }

  /// All topics but the input.
  Set<String> written(Workload workload) throws InterruptedException {
    try {
      Set<String> written = topics();
      written.remove(workload.stage().input());
      return written;
    } catch (ExecutionException | TimeoutException cause) {
      throw new EnvironmentFailure("the topics cannot be listed: " + cause, cause);
    }
  }

  /// Committed offsets of a group; empty while it has none.
  Map<TopicPartition, Long> committed(String group) throws InterruptedException {
    try {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
          .forEach((partition, offset) -> offsets.put(partition, position(offset)));
      return offsets;
    } catch (ExecutionException | TimeoutException _) {
      // the group is not there yet, or its coordinator is busy
      return Map.of();
    }
  }

  /// Has a group that nobody is in go on behind what is in a topic now.
  void skip(String group, String topic) throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    ends(topic).forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
    long deadline = System.nanoTime() + FRESH_BOUND.toNanos();
    while (true) {
      try {
        await(admin.alterConsumerGroupOffsets(group, ends).all());
        return;
      } catch (ExecutionException | TimeoutException cause) {
        // a group is not empty before its last member's session has ended
        if (System.nanoTime() >= deadline) {
          throw new EnvironmentFailure(
              "the offsets of group " + group + " cannot be set: " + cause, cause);
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  @SuppressWarnings("ConstantValue") // the map holds null where nothing was committed
  private static long position(OffsetAndMetadata offset) {
    return offset == null ? 0 : offset.offset();
  }

  /// The ends of a topic's partitions.
  Map<TopicPartition, Long> ends(String topic) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (int partition = 0; partition < Workload.PARTITIONS; partition++) {
      wanted.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    try {
      Map<TopicPartition, Long> ends = new HashMap<>();
      await(admin.listOffsets(wanted).all())
          .forEach((partition, end) -> ends.put(partition, end.offset()));
      return ends;
    } catch (ExecutionException | TimeoutException cause) {
      throw new EnvironmentFailure("the ends of " + topic + " cannot be read: " + cause, cause);
    }
  }

  private static <T> T await(KafkaFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(CALL_BOUND.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
