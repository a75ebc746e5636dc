package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.internal.membership.TaskTable;
import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.topology.Repartition;
import dev.gretchen.engine.internal.topology.Topology;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes from the topics between agents what the app has handled. Nobody else reads them, and
/// retention must not: their records have the time of their events, which may be years ago.
///
/// What lies below a committed offset was handled, whoever committed it and whoever asks; so a
/// worker that has lost a partition and does not know it does no harm.
final class Purge implements Activity {

  private static final Logger LOG = LoggerFactory.getLogger(Purge.class);

  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Admin admin;
  private final String group;
  private final Set<String> topics;
  private final TaskTable tasks;
  private final Monitor monitor;
  private final Map<TopicPartition, Long> purged = new HashMap<>();
  private volatile boolean stopping;

  Purge(Admin admin, Topology topology, TaskTable tasks, Monitor monitor) {
    this.admin = admin;
    this.group = topology.app();
    this.topics =
        topology.streams().repartitions().stream()
            .map(Repartition::topic)
            .collect(Collectors.toUnmodifiableSet());
    this.tasks = tasks;
    this.monitor = monitor;
  }

  void stop() {
    stopping = true;
    monitor.signal();
  }

  @Override
  public boolean step() {
    if (monitor.await(() -> stopping, EVERY)) {
      return false;
    }
    try {
      purge();
    } catch (ExecutionException | TimeoutException notNow) {
      LOG.atWarn()
          .addKeyValue("cause", notNow.toString())
          .log("what was handled cannot be deleted now");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
    return true;
  }

  private void purge() throws ExecutionException, InterruptedException, TimeoutException {
    Set<TopicPartition> mine =
        tasks.all().stream()
            .filter(task -> task.stage() == Task.Stage.RUNNING)
            .map(task -> task.id().input())
            .filter(input -> topics.contains(input.topic()))
            .collect(Collectors.toSet());
    if (mine.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> committed =
        await(
            admin
                .listConsumerGroupOffsets(
                    Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(mine)))
                .partitionsToOffsetAndMetadata(group));
    Map<TopicPartition, Long> done = new HashMap<>();
    for (TopicPartition input : mine) {
      OffsetAndMetadata offset = committed.get(input);
      if (offset != null && offset.offset() > purged.getOrDefault(input, 0L)) {
        done.put(input, offset.offset());
      }
    }
    if (!done.isEmpty()) {
      Map<TopicPartition, RecordsToDelete> handled = new HashMap<>();
      done.forEach((input, offset) -> handled.put(input, RecordsToDelete.beforeOffset(offset)));
      await(admin.deleteRecords(handled).all());
      purged.putAll(done);
    }
  }

  private static <T> T await(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
  }
}
