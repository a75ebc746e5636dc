package dev.gretchen.engine.internal.outside;

import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads all partitions of a topic outside the group, committed records alone, from some records
/// before its end on.
///
/// Thread: [#step] runs on a thread of its own, which alone touches the consumer and calls the
/// reader.
public final class Following implements Activity {

  private static final Logger LOG = LoggerFactory.getLogger(Following.class);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration ASK_AGAIN = Duration.ofMillis(100);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);
  private static final int RECORDS_PER_POLL = 2_000;

  private final String topic;
  private final int lastRecords;
  private final Reader reader;
  private final Surroundings surroundings;
  private final Monitor monitor;
  private final String clientId;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private volatile boolean stopping;

  // confined to the thread of the steps
  private @Nullable Consumer<byte[], byte[]> made;

  private @Nullable Map<TopicPartition, Long> ends;
  private boolean caughtUp;

  /// Who reads.
  public interface Reader {

    /// What a poll has brought, perhaps nothing.
    void read(ConsumerRecords<byte[], byte[]> records);

    /// Everything that was there at the beginning has been read.
    void caughtUp();
  }

  /// @param count of the topic's partitions
  /// @param lastRecords so many offsets before the end of each
  public Following(
      String topic,
      int count,
      int lastRecords,
      Reader reader,
      Surroundings surroundings,
      String clientIdPrefix) {
    this.topic = topic;
    this.lastRecords = lastRecords;
    this.reader = reader;
    this.surroundings = surroundings;
    this.monitor = surroundings.monitor();
    this.clientId = clientIdPrefix + "-follow-" + topic;
    for (int partition = 0; partition < count; partition++) {
      partitions.add(new TopicPartition(topic, partition));
    }
  }

  public void stop() {
    stopping = true;
    monitor.signal();
  }

  @Override
  public boolean step() {
    Consumer<byte[], byte[]> consumer = made;
    if (stopping) {
      if (consumer != null) {
        consumer.close(CloseOptions.timeout(CLOSE_BOUND));
      }
      return false;
    }
    if (consumer == null) {
      consumer = surroundings.kafka().consumer(configuration());
      made = consumer;
    }
    ConsumerRecords<byte[], byte[]> records;
    try {
      if (ends == null) {
        ends = begin(consumer);
      }
      records = consumer.poll(POLL);
    } catch (OffsetOutOfRangeException overtaken) {
      // what was deleted before it was read is gone for everybody
      consumer.seekToBeginning(overtaken.partitions());
      return true;
    } catch (KafkaException notNow) {
      LOG.atWarn()
          .addKeyValue("topic", topic)
          .addKeyValue("cause", notNow.toString())
          .log("following has to wait for the cluster");
      monitor.await(() -> stopping, ASK_AGAIN);
      return true;
    }
    reader.read(records);
    if (!caughtUp && ends != null && haveReached(consumer, ends)) {
      caughtUp = true;
      reader.caughtUp();
    }
    return true;
  }

  private Map<TopicPartition, Long> begin(Consumer<byte[], byte[]> consumer) {
    consumer.assign(partitions);
    Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> until = consumer.endOffsets(partitions);
    for (TopicPartition partition : partitions) {
      long end = until.getOrDefault(partition, 0L);
      consumer.seek(partition, Math.max(first.getOrDefault(partition, 0L), end - lastRecords));
    }
    return until;
  }

  private boolean haveReached(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> until) {
    for (TopicPartition partition : partitions) {
      try {
        if (consumer.position(partition) < until.getOrDefault(partition, 0L)) {
          return false;
        }
      } catch (KafkaException notNow) {
        return false;
      }
    }
    return true;
  }

  private Map<String, Object> configuration() {
    return Map.of(
        ConsumerConfig.CLIENT_ID_CONFIG,
        clientId,
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        "read_committed",
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        false,
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "none",
        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
        false,
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        RECORDS_PER_POLL,
        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
        (int) POLL.toMillis(),
        ConsumerConfig.RETRY_BACKOFF_MS_CONFIG,
        10);
  }
}
