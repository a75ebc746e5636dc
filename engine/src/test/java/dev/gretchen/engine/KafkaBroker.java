package dev.gretchen.engine;

import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.process.Processes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A real broker for the tests of a class, and what they ask of it.
final class KafkaBroker implements BeforeAllCallback, AfterAllCallback {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final long BOUND_SECONDS = 20;

  private @Nullable Processes processes;
  private @Nullable Brokers brokers;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    Path scratch = Files.createTempDirectory("gretchen-engine-it");
    processes = Processes.openTemporary(scratch);
    brokers =
        Brokers.start(processes, BrokerSettings.withLogs(scratch.resolve("logs")).withCount(1));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (brokers != null) {
      brokers.close();
    }
    if (processes != null) {
      processes.close();
    }
  }

  String bootstrap() {
    if (brokers == null) {
      throw new IllegalStateException("the broker has not been started");
    }
    return brokers.bootstrap();
  }

  void createTopic(String name, int partitions) throws Exception {
    createTopic(name, partitions, Map.of());
  }

  void createTopic(String name, int partitions, Map<String, String> configuration)
      throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(name, Optional.of(partitions), Optional.empty())
                      .configs(configuration)))
          .all()
          .get(BOUND_SECONDS, TimeUnit.SECONDS);
    }
  }

  /// Sends records in order and returns when all are acknowledged.
  @SafeVarargs
  @SuppressWarnings("varargs")
  final void send(ProducerRecord<byte[], byte[]>... records) {
    send(List.of(records));
  }

  void send(List<ProducerRecord<byte[], byte[]>> records) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      records.forEach(producer::send);
      producer.flush();
    }
  }

  /// All committed records of a topic as they stand, partition by partition.
  List<ConsumerRecord<byte[], byte[]>> committed(String topic) throws Exception {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()));
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      Map<TopicPartition, OffsetSpec> asked = new LinkedHashMap<>();
      partitions.forEach(partition -> asked.put(partition, OffsetSpec.latest()));
      Map<TopicPartition, Long> ends = new LinkedHashMap<>();
      admin
          .listOffsets(asked)
          .all()
          .get(BOUND_SECONDS, TimeUnit.SECONDS)
          .forEach((partition, info) -> ends.put(partition, info.offset()));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))
          && System.nanoTime() < deadline) {
        consumer.poll(POLL).forEach(records::add);
      }
    }
    return records;
  }

  /// The last value by key, as text; a deleted key is gone.
  Map<String, String> latest(String topic) throws Exception {
    Map<String, String> latest = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : committed(topic)) {
      if (record.value() == null) {
        latest.remove(text(record.key()));
      } else {
        latest.put(text(record.key()), text(record.value()));
      }
    }
    return latest;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
