package dev.gretchen.engine.internal.recovery;

import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.progress.ProgressFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// Asks the cluster through an admin client.
final class AdminFacts implements ClusterFacts {

  private static final Duration BOUND = Duration.ofSeconds(5);

  private final Admin admin;
  private final String group;

  AdminFacts(Admin admin, String group) {
    this.admin = admin;
    this.group = group;
  }

  /// A pending partition: the admin client leaves it out, without an error.
  @Override
  public Map<TopicPartition, Optional<Progress>> stableOffsets(Collection<TopicPartition> inputs)
      throws NotNow {
    Map<TopicPartition, OffsetAndMetadata> answer =
        await(
            "committed offsets",
            admin
                .listConsumerGroupOffsets(
                    Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(inputs)),
                    new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(group));
    Map<TopicPartition, Optional<Progress>> offsets = new HashMap<>();
    for (TopicPartition input : inputs) {
      if (answer.containsKey(input)) {
        offsets.put(input, Optional.ofNullable(answer.get(input)).map(AdminFacts::progress));
      }
    }
    return offsets;
  }

  private static Progress progress(OffsetAndMetadata committed) {
    return ProgressFormat.decode(committed.offset(), committed.metadata());
  }

  @Override
  public Map<TopicPartition, Long> starts(Collection<TopicPartition> partitions) throws NotNow {
    return list(partitions, OffsetSpec.earliest());
  }

  @Override
  public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) throws NotNow {
    return list(partitions, OffsetSpec.latest());
  }

  @Override
  public Map<String, Uuid> topicIds(Collection<String> names) throws NotNow {
    Map<String, Uuid> ids = new HashMap<>();
    await("topics", admin.describeTopics(names).allTopicNames())
        .forEach((name, topic) -> ids.put(name, topic.topicId()));
    return ids;
  }

  private Map<TopicPartition, Long> list(Collection<TopicPartition> partitions, OffsetSpec spec)
      throws NotNow {
    if (partitions.isEmpty()) {
      return Map.of();
    }
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    List<TopicPartition> ordered = new ArrayList<>(partitions);
    ordered.forEach(partition -> asked.put(partition, spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    Map<TopicPartition, ListOffsetsResultInfo> answer =
        await(
            "log offsets",
            admin
                .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .all());
    answer.forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }

  private static <T> T await(String what, KafkaFuture<T> future) throws NotNow {
    try {
      return future.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException cause) {
      throw new NotNow(what, cause);
    } catch (InterruptedException cause) {
      Thread.currentThread().interrupt();
      throw new NotNow(what, cause);
    }
  }

  @Override
  public void close() {
    admin.close(BOUND);
  }
}
