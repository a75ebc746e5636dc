package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.sim.SimulationFailure;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A consumer in virtual time, with the promises and the exceptions of `KafkaConsumer` under the
/// classic group protocol.
///
/// As in the real one everything happens in [#poll]: listeners are told there, and in [#close], by
/// the fiber that calls, and may wait; joining, fetching and heartbeats go on in the background. A
/// second fiber that comes in is refused.
///
/// **What differs.** It does not commit by itself, and does not subscribe to patterns.
final class SimConsumer implements BoundedConsumer {

  private final ConsumerParts parts;
  private final Connection connection;
  private final Subscriptions subscriptions;
  private final Fetcher fetcher;
  private final Polling polling;
  private final LogBounds bounds;
  private final Entrance entrance;

  SimConsumer(Connection connection, ClientConfig config) {
    this.parts = ConsumerParts.of(connection, config);
    this.connection = connection;
    this.subscriptions = parts.subscriptions();
    this.fetcher = parts.fetcher();
    this.polling = new Polling(parts);
    this.bounds =
        new LogBounds(connection, parts.backoff(), parts.requestTimeout(), parts.committed());
    this.entrance = new Entrance(connection);
  }

  @Override
  public Duration apiTimeout() {
    return parts.apiTimeout();
  }

  private <T> T call(Supplier<T> body) {
    return entrance.call(body);
  }

  private void run(Runnable body) {
    entrance.run(body);
  }

  private ConsumerParts.Group group() {
    ConsumerParts.Group group = parts.group();
    if (group == null) {
      throw new InvalidGroupIdException(
          "To use the group management or offset commit APIs, you must provide a valid group.id in the consumer configuration.");
    }
    return group;
  }

  // what it reads

  @Override
  public void subscribe(Collection<String> topics) {
    subscribeTo(topics, null);
  }

  @Override
  public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
    subscribeTo(topics, listener);
  }

  private void subscribeTo(
      Collection<String> topics, @Nullable ConsumerRebalanceListener listener) {
    run(() -> {
      group();
      if (topics.isEmpty()) {
        unsubscribe();
        return;
      }
      subscriptions.subscribe(topics, listener);
      fetcher.retain(
          subscriptions.assigned().stream()
              .filter(partition -> topics.contains(partition.topic()))
              .toList());
    });
  }

  @Override
  public void assign(Collection<TopicPartition> partitions) {
    run(() -> {
      if (partitions.isEmpty()) {
        unsubscribe();
        return;
      }
      subscriptions.assignByHand(partitions);
      fetcher.retain(partitions);
    });
  }

  @Override
  public void unsubscribe() {
    run(() -> {
      ConsumerParts.Group group = parts.group();
      if (group != null && subscriptions.isByTopic()) {
        group.membership().unsubscribe();
      }
      subscriptions.unsubscribe();
      fetcher.retain(Set.of());
    });
  }

  @Override
  public Set<TopicPartition> assignment() {
    return call(subscriptions::assigned);
  }

  @Override
  public Set<String> subscription() {
    return call(() -> new TreeSet<>(subscriptions.topics()));
  }

  @Override
  public Set<TopicPartition> paused() {
    return call(subscriptions::paused);
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    run(() -> partitions.forEach(subscriptions::pause));
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    run(() -> partitions.forEach(subscriptions::resume));
  }

  // polling

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    return call(() -> polling.until(connection.now() + timeout.toNanos()));
  }

  @Override
  public void wakeup() {
    polling.wake();
  }

  // positions

  @Override
  public void seek(TopicPartition partition, long offset) {
    run(() -> {
      if (offset < 0) {
        throw new IllegalArgumentException("seek offset must not be a negative number");
      }
      subscriptions.seek(partition, offset);
    });
  }

  @Override
  public void seek(TopicPartition partition, OffsetAndMetadata offsetAndMetadata) {
    seek(partition, offsetAndMetadata.offset());
  }

  @Override
  public void seekToBeginning(Collection<TopicPartition> partitions) {
    reset(partitions, Subscriptions.Reset.EARLIEST);
  }

  @Override
  public void seekToEnd(Collection<TopicPartition> partitions) {
    reset(partitions, Subscriptions.Reset.LATEST);
  }

  private void reset(Collection<TopicPartition> partitions, Subscriptions.Reset to) {
    run(() -> {
      Collection<TopicPartition> which =
          partitions.isEmpty() ? subscriptions.assigned() : partitions;
      which.forEach(partition -> subscriptions.reset(partition, to));
    });
  }

  @Override
  public long position(TopicPartition partition, Duration timeout) {
    return call(() -> {
      if (!subscriptions.isAssigned(partition)) {
        throw new IllegalStateException(
            "You can only check the position for partitions assigned to this consumer.");
      }
      return polling.position(partition, timeout);
    });
  }

  @Override
  public Map<TopicPartition, Long> beginningOffsets(
      Collection<TopicPartition> partitions, Duration timeout) {
    return call(() -> bounds.list(partitions, false, timeout));
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(
      Collection<TopicPartition> partitions, Duration timeout) {
    return call(() -> bounds.list(partitions, true, timeout));
  }

  // the group

  @Override
  public ConsumerGroupMetadata groupMetadata() {
    return call(() -> group().rebalances().metadata());
  }

  @Override
  public void enforceRebalance() {
    run(() -> group().membership().requestRejoin());
  }

  @Override
  public void enforceRebalance(String reason) {
    enforceRebalance();
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> committed(
      Set<TopicPartition> partitions, Duration timeout) {
    return call(() -> {
      NavigableSet<TopicPartition> wanted = Partitions.sorted(partitions);
      Map<TopicPartition, OffsetAndMetadata> found =
          group().offsets().committed(wanted, connection.now() + timeout.toNanos());
      if (found == null) {
        throw new TimeoutException(
            "Timeout of "
                + timeout.toMillis()
                + "ms expired before the last committed offset for partitions "
                + partitions
                + " could be determined. Try tuning default.api.timeout.ms larger to relax the threshold.");
      }
      Map<TopicPartition, OffsetAndMetadata> all = new TreeMap<>(Partitions.BY_NAME);
      wanted.forEach(partition -> putNullable(all, partition, found.get(partition)));
      return all;
    });
  }

  @SuppressWarnings("NullAway") // the real consumer says so of a partition without an offset
  private static void putNullable(
      Map<TopicPartition, OffsetAndMetadata> offsets,
      TopicPartition partition,
      @Nullable OffsetAndMetadata offset) {
    offsets.put(partition, offset);
  }

  @Override
  public void commitSync(Duration timeout) {
    commitSync(positions(), timeout);
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    run(() -> group().offsets().commit(offsets, timeout));
  }

  @Override
  public void commitAsync() {
    run(() -> group().offsets().commitInBackground(positions(), null));
  }

  @Override
  public void commitAsync(OffsetCommitCallback callback) {
    run(() -> group().offsets().commitInBackground(positions(), callback));
  }

  @Override
  public void commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
    run(() -> group().offsets().commitInBackground(offsets, callback));
  }

  private Map<TopicPartition, OffsetAndMetadata> positions() {
    Map<TopicPartition, OffsetAndMetadata> positions = new TreeMap<>(Partitions.BY_NAME);
    subscriptions
        .positions()
        .forEach((partition, offset) -> positions.put(partition, new OffsetAndMetadata(offset)));
    return positions;
  }

  // topics

  @Override
  public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
    return call(() -> {
      Reply.Topic found = parts.topics().describe(Set.of(topic), timeout).get(topic);
      return found == null ? List.of() : TopicCache.infos(topic, found.partitions());
    });
  }

  @Override
  public Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
    return call(() -> {
      Map<String, List<PartitionInfo>> all = new TreeMap<>();
      parts
          .topics()
          .describe(Set.of(), timeout)
          .forEach((name, topic) -> all.put(name, TopicCache.infos(name, topic.partitions())));
      return all;
    });
  }

  // the end

  @Override
  public void close(CloseOptions option) {
    entrance.close(() -> leave(option));
  }

  private void leave(CloseOptions option) {
    Duration given = option.timeout().orElse(CLOSE_BOUND);
    Duration bound = given.compareTo(parts.requestTimeout()) < 0 ? given : parts.requestTimeout();
    ConsumerParts.Group group = parts.group();
    if (group == null) {
      return;
    }
    try {
      group.offsets().awaitCommits(bound);
      group.membership().close(bound, option.groupMembershipOperation());
    } catch (SimulationFailure failure) {
      throw failure;
    } catch (RuntimeException thrown) {
      throw new KafkaException("Failed to close kafka consumer", thrown);
    }
  }
}
