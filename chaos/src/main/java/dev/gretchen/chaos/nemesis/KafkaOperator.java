package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.EnvironmentFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
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
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// The operator by Kafka's own means. Where Kafka does not do what it is asked, the sentence of the
/// failure says what that was.
public final class KafkaOperator implements Operator, AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /// How long members that have died may count as members.
  private static final Duration EMPTY_TIMEOUT = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(100);

  /// How the metadata of an offset begins beyond which events are applied, by the contract of apps.
  private static final String OUT_OF_ORDER = "v2,";

  private static final List<String> COORDINATORS =
      List.of("__consumer_offsets", "__transaction_state");

  private final Map<String, Object> properties;
  private final Admin admin;
  private final String group;
  private final String input;
  private final List<String> changelogs;
  private final List<String> topics;

  private KafkaOperator(
      Map<String, Object> properties,
      String group,
      String input,
      Collection<String> changelogs,
      Collection<String> topics) {
    this.group = group;
    this.properties = properties;
    this.admin = Admin.create(properties);
    this.input = input;
    this.changelogs = List.copyOf(changelogs);
    this.topics = List.copyOf(topics);
  }

  /// @param clientProperties to connect with
  /// @param group the app's consumer group
  /// @param input the topic that takes the load
  /// @param changelogs the topics that hold the app's tables
  /// @param topics all topics of the app
  public static KafkaOperator open(
      Map<String, String> clientProperties,
      String group,
      String input,
      Collection<String> changelogs,
      Collection<String> topics) {
    Map<String, Object> properties = new HashMap<>(clientProperties);
    properties.put("client.id", "gretchen-operator");
    properties.put("default.api.timeout.ms", Long.toString(TIMEOUT.toMillis()));
    properties.put("request.timeout.ms", "5000");
    return new KafkaOperator(properties, group, input, changelogs, topics);
  }

  @Override
  public String input() {
    return input;
  }

  @Override
  public List<String> changelogs() {
    return changelogs;
  }

  @Override
  public int moveLeaders() throws InterruptedException {
    Set<String> all = present();
    Map<TopicPartition, Optional<NewPartitionReassignment>> orders = new HashMap<>();
    Map<TopicPartition, Integer> before = leaders(all, orders);
    if (orders.isEmpty()) {
      return 0;
    }
    await("ordering replicas anew", admin.alterPartitionReassignments(orders).all());
    await(
        "electing leaders",
        admin.electLeaders(ElectionType.PREFERRED, orders.keySet()).partitions());
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    int moved = moved(before, leaders(all, new HashMap<>()));
    // brokers hear of it a moment later
    while (moved == 0 && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
      moved = moved(before, leaders(all, new HashMap<>()));
    }
    return moved;
  }

  /// Those topics of the app and of coordinators that there are.
  private Set<String> present() throws InterruptedException {
    Set<String> all = new TreeSet<>(topics);
    all.addAll(COORDINATORS);
    all.retainAll(
        await(
            "listing topics",
            admin.listTopics(new ListTopicsOptions().listInternal(true)).names()));
    return all;
  }

  @Override
  public boolean awaitInSync(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (describe(present()).stream()
            .flatMap(topic -> topic.partitions().stream())
            .allMatch(partition -> partition.isr().size() == partition.replicas().size())) {
          return true;
        }
      } catch (EnvironmentFailure _) {
        // brokers that have just come back do not answer everything yet
      }
      Thread.sleep(POLL);
    }
    return false;
  }

  private static int moved(
      Map<TopicPartition, Integer> before, Map<TopicPartition, Integer> after) {
    return (int)
        before.entrySet().stream()
            .filter(leader -> !leader.getValue().equals(after.get(leader.getKey())))
            .count();
  }

  /// The leaders, and for all partitions with several replicas the order that begins with the next
  /// one.
  private Map<TopicPartition, Integer> leaders(
      Collection<String> names, Map<TopicPartition, Optional<NewPartitionReassignment>> orders)
      throws InterruptedException {
    Map<TopicPartition, Integer> leaders = new HashMap<>();
    for (TopicDescription topic : describe(names)) {
      topic
          .partitions()
          .forEach(partition -> {
            TopicPartition at = new TopicPartition(topic.name(), partition.partition());
            Node leader = partition.leader();
            leaders.put(at, leader == null ? -1 : leader.id());
            List<Integer> replicas =
                new ArrayList<>(partition.replicas().stream().map(Node::id).toList());
            if (replicas.size() > 1) {
              Collections.rotate(replicas, -1);
              orders.put(at, Optional.of(new NewPartitionReassignment(replicas)));
            }
          });
    }
    return leaders;
  }

  private Collection<TopicDescription> describe(Collection<String> names)
      throws InterruptedException {
    return await("describing topics", admin.describeTopics(names).allTopicNames()).values();
  }

  @Override
  public Tuned tune(Collection<String> names, Map<String, String> configs)
      throws InterruptedException {
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    Map<ConfigResource, Collection<AlterConfigOp>> back = new HashMap<>();
    Map<ConfigResource, Collection<AlterConfigOp>> forth = new HashMap<>();
    await("reading configs", admin.describeConfigs(resources).all())
        .forEach((resource, before) -> {
          List<AlterConfigOp> undo = new ArrayList<>();
          List<AlterConfigOp> set = new ArrayList<>();
          configs.forEach((name, value) -> {
            ConfigEntry entry = before.get(name);
            boolean own =
                entry != null && entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG;
            undo.add(
                own
                    ? new AlterConfigOp(
                        new ConfigEntry(name, entry.value()), AlterConfigOp.OpType.SET)
                    : new AlterConfigOp(new ConfigEntry(name, ""), AlterConfigOp.OpType.DELETE));
            set.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
          });
          back.put(resource, undo);
          forth.put(resource, set);
        });
    await("setting configs " + configs, admin.incrementalAlterConfigs(forth).all());
    return () -> putBack(back);
  }

  /// Also when the nemesis was told to stop: what was set must not stay.
  private void putBack(Map<ConfigResource, Collection<AlterConfigOp>> back) {
    boolean interrupted = Thread.interrupted();
    try {
      await("putting configs back", admin.incrementalAlterConfigs(back).all());
    } catch (InterruptedException _) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public Map<TopicPartition, Long> ends(Collection<String> names) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions(names).forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    await(
            "asking for ends",
            admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all())
        .forEach((partition, result) -> ends.put(partition, result.offset()));
    return ends;
  }

  private List<TopicPartition> partitions(Collection<String> names) throws InterruptedException {
    return describe(names).stream()
        .flatMap(topic ->
            topic.partitions().stream()
                .map(partition -> new TopicPartition(topic.name(), partition.partition())))
        .toList();
  }

  @Override
  public Optional<Committed> committed(TopicPartition partition) throws InterruptedException {
    OffsetAndMetadata committed =
        await(
                "asking for the offsets of " + group,
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .get(partition);
    return committed == null
        ? Optional.empty()
        : Optional.of(
            new Committed(committed.offset(), committed.metadata().startsWith(OUT_OF_ORDER)));
  }

  @Override
  public void setCommitted(TopicPartition partition, long offset) throws InterruptedException {
    long deadline = System.nanoTime() + EMPTY_TIMEOUT.toNanos();
    while (true) {
      try {
        await(
            "setting the offset of " + partition,
            admin
                .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset)))
                .all());
        return;
      } catch (EnvironmentFailure notYet) {
        // members that were killed count until their session has ended
        if (System.nanoTime() > deadline) {
          throw notYet;
        }
        Thread.sleep(POLL);
      }
    }
  }

  @Override
  public void deleteBefore(TopicPartition partition, long offset) throws InterruptedException {
    await(
        "deleting records of " + partition,
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all());
  }

  @Override
  public Map<TopicPartition, Long> firstRecords(Collection<String> names)
      throws InterruptedException {
    Map<TopicPartition, Long> first = new HashMap<>();
    Map<String, Object> own = new HashMap<>(properties);
    own.put("enable.auto.commit", false);
    own.put("isolation.level", "read_committed");
    own.put("max.partition.fetch.bytes", 65_536);
    try (var consumer =
        new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      long deadline = System.nanoTime() + TIMEOUT.toNanos();
      for (TopicPartition partition : partitions(names)) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition), TIMEOUT).getOrDefault(partition, 0L);
        while (!first.containsKey(partition)
            && consumer.position(partition, TIMEOUT) < end
            && System.nanoTime() < deadline) {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            first.putIfAbsent(partition, record.offset());
          }
        }
      }
    }
    return first;
  }

  @Override
  public int addPartitions(String topic, int more) throws InterruptedException {
    int now = partitions(List.of(topic)).size();
    await(
        "adding partitions to " + topic,
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(now + more))).all());
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    int then = partitions(List.of(topic)).size();
    // brokers hear of it a moment later
    while (then < now + more && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
      then = partitions(List.of(topic)).size();
    }
    return then - now;
  }

  @Override
  public int writeAndAbort(String topic, int transactions) throws InterruptedException {
    return new Stranger(properties).writeAndAbort(partitions(List.of(topic)), transactions);
  }

  @Override
  public Hanging hang(Collection<TopicPartition> partitions) {
    return new Stranger(properties).hang(partitions);
  }

  @Override
  public int writeStrange(String topic, int rounds) throws InterruptedException {
    return new Stranger(properties).writeStrange(partitions(List.of(topic)), rounds);
  }

  private static <T> T await(String what, KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new EnvironmentFailure("Kafka failed at " + what + ": " + e, e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
