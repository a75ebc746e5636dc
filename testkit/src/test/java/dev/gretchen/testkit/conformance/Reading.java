package dev.gretchen.testkit.conformance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What readers outside of any group see of a partition.
final class Reading {

  private static final Duration POLL = Duration.ofMillis(50);

  private Reading() {}

  /// Notes what both kinds of readers see, up to where they can see now.
  static void both(Stage stage, TopicPartition partition) {
    from(stage, partition, IsolationLevel.READ_COMMITTED);
    from(stage, partition, IsolationLevel.READ_UNCOMMITTED);
  }

  /// Notes where both kinds of readers have the end.
  static void ends(Stage stage, TopicPartition partition) {
    for (IsolationLevel isolation : IsolationLevel.values()) {
      String level = level(isolation);
      try (Consumer<byte[], byte[]> consumer =
          stage.consumer(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, level))) {
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        stage.note(
            "%s end of %s: %d, sought %d"
                .formatted(
                    level,
                    stage.plain(partition),
                    consumer.endOffsets(List.of(partition)).getOrDefault(partition, -1L),
                    consumer.position(partition)));
      }
    }
  }

  /// Notes what a reader of committed records sees, without where it stands: for logs that hold
  /// records of aborted transactions in some runs and not in others.
  static void committedValues(Stage stage, TopicPartition partition) {
    List<String> seen = new ArrayList<>();
    read(
        stage,
        partition,
        IsolationLevel.READ_COMMITTED,
        (_, records) -> records.forEach(record -> seen.add(value(record))));
    stage.note("committed values of %s: %s".formatted(stage.plain(partition), seen));
  }

  private static void from(Stage stage, TopicPartition partition, IsolationLevel isolation) {
    List<String> seen = new ArrayList<>();
    long[] position = {-1};
    long[] next = {-1};
    read(
        stage,
        partition,
        isolation,
        (consumer, records) -> {
          records.forEach(record -> seen.add(record.offset() + " " + value(record)));
          OffsetAndMetadata nextOffset = records.nextOffsets().get(partition);
          next[0] = nextOffset == null ? next[0] : nextOffset.offset();
          position[0] = consumer.position(partition);
        });
    stage.note(
        "%s of %s: %s, position %d, next %d"
            .formatted(level(isolation), stage.plain(partition), seen, position[0], next[0]));
  }

  /// Polls until the end that the reader can see at the beginning.
  private static void read(
      Stage stage,
      TopicPartition partition,
      IsolationLevel isolation,
      BiConsumer<Consumer<byte[], byte[]>, ConsumerRecords<byte[], byte[]>> each) {
    try (Consumer<byte[], byte[]> consumer =
        stage.consumer(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, level(isolation)))) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = stage.ask().end(partition, isolation);
      stage.until(
          level(isolation) + " reader at " + end,
          () -> {
            each.accept(consumer, consumer.poll(POLL));
            return consumer.position(partition) >= end;
          });
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  private static String level(IsolationLevel isolation) {
    return isolation.toString().toLowerCase(Locale.ROOT);
  }

  static String value(ConsumerRecord<byte[], byte[]> record) {
    return text(record.value());
  }

  static String text(byte @Nullable [] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }
}
