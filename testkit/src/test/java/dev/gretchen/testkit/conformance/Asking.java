package dev.gretchen.testkit.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Questions to the cluster through an admin client.
final class Asking {

  private final Stage stage;
  private final Admin admin;

  Asking(Stage stage, Admin admin) {
    this.stage = stage;
    this.admin = admin;
  }

  Admin admin() {
    return admin;
  }

  /// Waits for an answer.
  ///
  /// @param future null fails: the client does not know what it was asked for
  static <T> T get(@Nullable KafkaFuture<T> future) throws Exception {
    return Objects.requireNonNull(future).get(Stage.BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  /// Waits for an answer that nothing speaks against.
  static <T> T required(@Nullable KafkaFuture<T> future) {
    try {
      return get(future);
    } catch (Exception thrown) {
      throw new IllegalStateException("the cluster has no answer", thrown);
    }
  }

  void create(String base, int partitions, Map<String, String> configuration) {
    required(
        admin
            .createTopics(
                List.of(
                    new NewTopic(stage.name(base), Optional.of(partitions), Optional.empty())
                        .configs(configuration)))
            .all());
    // a broker tells of a topic that it does not serve yet
    stage.until("topic " + base, () -> isServed(base, partitions));
  }

  private boolean isServed(String base, int partitions) {
    return Stage.outcome(
            () -> {
              for (int i = 0; i < partitions; i++) {
                end(stage.partition(base, i), IsolationLevel.READ_COMMITTED);
              }
            })
        .equals("done");
  }

  long end(TopicPartition partition, IsolationLevel isolation) {
    return offset(partition, OffsetSpec.latest(), isolation);
  }

  private long offset(TopicPartition partition, OffsetSpec which, IsolationLevel isolation) {
    return required(
            admin
                .listOffsets(Map.of(partition, which), new ListOffsetsOptions(isolation))
                .partitionResult(partition))
        .offset();
  }

  /// Waits until no transaction is open in a partition.
  void awaitStable(TopicPartition partition) {
    stage.until(
        "no open transaction in " + stage.plain(partition),
        () ->
            end(partition, IsolationLevel.READ_COMMITTED)
                == end(partition, IsolationLevel.READ_UNCOMMITTED));
  }

  /// Notes where a log begins and ends.
  void log(TopicPartition partition) {
    stage.note(
        "log %s: start %d, end %d, stable end %d"
            .formatted(
                stage.plain(partition),
                offset(partition, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED),
                end(partition, IsolationLevel.READ_UNCOMMITTED),
                end(partition, IsolationLevel.READ_COMMITTED)));
  }

  /// A group's offsets of some partitions, null where it has none, in text.
  String offsets(String group, boolean requireStable, Collection<TopicPartition> partitions) {
    String name = stage.name(group);
    Map<TopicPartition, OffsetAndMetadata> offsets =
        required(
            admin
                .listConsumerGroupOffsets(
                    Map.of(name, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
                    new ListConsumerGroupOffsetsOptions().requireStable(requireStable))
                .partitionsToOffsetAndMetadata(name));
    Map<String, String> text = new TreeMap<>();
    offsets.forEach((partition, offset) ->
        text.put(
            stage.plain(partition),
            offset == null ? "none" : offset.offset() + " '" + offset.metadata() + "'"));
    return text.toString();
  }

  /// Notes a group's offsets, both as they stand and without those that may change.
  void committed(String group, TopicPartition... partitions) {
    List<TopicPartition> asked = List.of(partitions);
    stage.note(
        "offsets of %s: %s, stable %s"
            .formatted(group, offsets(group, false, asked), offsets(group, true, asked)));
  }

  /// Waits until no transaction holds a group's offset of a partition.
  void awaitStable(String group, TopicPartition partition) {
    stage.until(
        "no pending offset of " + stage.plain(partition),
        () -> !offsets(group, true, List.of(partition)).equals("{}"));
  }

  ConsumerGroupDescription group(String group) {
    String name = stage.name(group);
    return required(admin.describeConsumerGroups(List.of(name)).describedGroups().get(name));
  }

  /// Notes a group: its state, and who has what.
  void describe(String group) {
    ConsumerGroupDescription description = group(group);
    List<String> members = new ArrayList<>();
    for (MemberDescription member : description.members()) {
      members.add(
          member.groupInstanceId().map(stage::plain).orElse("dynamic")
              + " "
              + stage.plain(member.assignment().topicPartitions()));
    }
    stage.note(
        "group %s is %s: %s"
            .formatted(
                group,
                description.groupState(),
                members.stream().sorted().collect(Collectors.joining(", "))));
  }

  void close() {
    admin.close(Duration.ZERO);
  }
}
