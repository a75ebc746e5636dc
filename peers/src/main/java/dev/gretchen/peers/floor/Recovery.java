package dev.gretchen.peers.floor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Brings table partitions up to the ends of their changelogs.
///
/// To be asked for *after* the input's stable offset was fetched: every transaction behind that
/// offset has ended by then, so its records lie before the log's end. The end is that of the log
/// and not of its committed part, because a transaction's end may be on its way to this partition
/// still: the committed read gets there when it has come.
final class Recovery {

  private static final Duration POLL = Duration.ofMillis(100);

  private final Map<String, Object> settings;

  Recovery(Map<String, String> connection) {
    settings = new HashMap<>(connection);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
  }

  void recover(List<FloorTable> tables) {
    if (tables.isEmpty()) {
      return;
    }
    Map<TopicPartition, FloorTable> waiting = new HashMap<>();
    tables.forEach(table -> waiting.put(table.changelog(), table));
    Map<TopicPartition, Long> ends = ends(waiting);
    Map<String, Object> committedOnly = new HashMap<>(settings);
    committedOnly.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(committedOnly)) {
      consumer.assign(waiting.keySet());
      waiting.forEach((changelog, table) -> consumer.seek(changelog, table.position()));
      while (!waiting.isEmpty()) {
        apply(consumer.poll(POLL), waiting);
        waiting
            .keySet()
            .removeIf(
                changelog -> consumer.position(changelog) >= ends.getOrDefault(changelog, 0L));
      }
    }
  }

  private Map<TopicPartition, Long> ends(Map<TopicPartition, FloorTable> tables) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
      return consumer.endOffsets(tables.keySet());
    }
  }

  private static void apply(
      ConsumerRecords<byte[], byte[]> records, Map<TopicPartition, FloorTable> tables) {
    for (TopicPartition changelog : records.partitions()) {
      FloorTable table = tables.get(changelog);
      if (table != null) {
        List<FloorTable.Change> changes = new ArrayList<>();
        List<ConsumerRecord<byte[], byte[]>> read = records.records(changelog);
        read.forEach(record -> changes.add(new FloorTable.Change(record.key(), record.value())));
        table.recover(changes, read.getLast().offset() + 1);
      }
    }
  }
}
