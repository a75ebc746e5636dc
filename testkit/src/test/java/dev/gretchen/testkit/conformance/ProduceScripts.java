package dev.gretchen.testkit.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.Header;

/// What becomes of records outside and inside transactions, and of those that are refused.
final class ProduceScripts {

  private static final int LARGE = 3_000;
  private static final int KEYS = 40;

  private ProduceScripts() {}

  static List<Script> all() {
    return List.of(
        new Script("plain", ProduceScripts::plain),
        new Script("idempotent", ProduceScripts::idempotent),
        new Script("contents", ProduceScripts::contents),
        new Script("keys", ProduceScripts::keys),
        new Script("largeForProducer", ProduceScripts::largeForProducer),
        new Script("largeForTopic", ProduceScripts::largeForTopic),
        new Script("nullKey", ProduceScripts::nullKey),
        new Script("future", ProduceScripts::future),
        new Script("unknownTopic", ProduceScripts::unknownTopic),
        new Script("afterClose", ProduceScripts::afterClose));
  }

  private static void plain(Stage stage) {
    stage.topic("t", 2);
    Writer writer = stage.writer("P", Map.of(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false));
    someRecords(stage, writer);
    stage.attempt("init without transactions", writer.producer()::initTransactions);
    stage.attempt("begin without transactions", writer.producer()::beginTransaction);
  }

  private static void idempotent(Stage stage) {
    stage.topic("t", 2);
    Writer writer = stage.writer("P");
    someRecords(stage, writer);
    stage.attempt("init without transactions", writer.producer()::initTransactions);
    writer.send(stage.partition("t", 1), "e");
    writer.flush();
    writer.close();
  }

  private static void someRecords(Stage stage, Writer writer) {
    TopicPartition first = stage.partition("t", 0);
    TopicPartition second = stage.partition("t", 1);
    stage.ask().log(first);
    writer.send(first, "a");
    writer.send(first, "b");
    writer.send(second, "c");
    writer.flush();
    writer.send(first, "d");
    writer.flush();
    stage.ask().log(first);
    stage.ask().log(second);
    Reading.both(stage, first);
  }

  private static void contents(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.writer("P");
    byte[] empty = new byte[0];
    ProducerRecord<byte[], byte[]> full =
        new ProducerRecord<>(
            partition.topic(),
            0,
            stage.world().wallMillis() - 5_000,
            Writer.bytes("k"),
            (byte[]) null);
    full.headers().add("one", Writer.bytes("1")).add("none", null).add("one", empty);
    writer.send("tombstone with headers", full);
    writer.send("nothing", new ProducerRecord<>(partition.topic(), 0, null, (byte[]) null));
    writer.send("empty", new ProducerRecord<>(partition.topic(), 0, 0L, empty, empty));
    writer.flush();
    try (Consumer<byte[], byte[]> consumer = stage.consumer(Map.of())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
      stage.until(
          "three records",
          () -> {
            consumer.poll(Duration.ofMillis(50)).forEach(read::add);
            return read.size() >= 3;
          });
      long now = stage.world().wallMillis();
      read.forEach(record -> stage.note(show(record, now)));
    }
  }

  private static String show(ConsumerRecord<byte[], byte[]> record, long now) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d: key %s (%d), value %s (%d)"
            .formatted(
                record.offset(),
                Reading.text(record.key()),
                record.serializedKeySize(),
                Reading.text(record.value()),
                record.serializedValueSize()));
    text.append(", time ").append(record.timestampType());
    text.append(
        record.timestamp() == 0 ? " zero" : record.timestamp() < now - 4_000 ? " past" : "");
    for (Header header : record.headers()) {
      text.append(", ").append(header.key()).append('=').append(Reading.text(header.value()));
    }
    return text.toString();
  }

  /// The partition of a key is the same everywhere.
  private static void keys(Stage stage) throws Exception {
    stage.topic("t", 7);
    Writer writer = stage.writer("P");
    StringBuilder partitions = new StringBuilder("partitions of keys:");
    for (int i = 0; i < KEYS; i++) {
      byte[] key = Writer.bytes("key-" + i);
      RecordMetadata metadata =
          writer.producer().send(new ProducerRecord<>(stage.name("t"), key, key)).get();
      partitions.append(' ').append(metadata.partition());
    }
    stage.note(partitions.toString());
  }

  private static void largeForProducer(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Map<String, Object> small = Map.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 1_000);
    Writer plain = stage.writer("P", small);
    plain.send("large", large(partition));
    plain.send(partition, "a");
    plain.flush();
    refusedInTransaction(stage, partition, stage.transactional("T", "T", small), large(partition));
  }

  private static void largeForTopic(Stage stage) {
    stage.topic("t", 1, Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1000"));
    TopicPartition partition = stage.partition("t", 0);
    Writer plain = stage.writer("P");
    plain.send("large", large(partition));
    plain.flush();
    plain.send(partition, "a");
    plain.flush();
    refusedInTransaction(
        stage, partition, stage.transactional("T", "T", Map.of()), large(partition));
  }

  private static ProducerRecord<byte[], byte[]> large(TopicPartition partition) {
    return new ProducerRecord<>(
        partition.topic(), partition.partition(), Writer.bytes("k"), new byte[LARGE]);
  }

  private static void nullKey(Stage stage) {
    stage.topic("t", 1, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "compact"));
    TopicPartition partition = stage.partition("t", 0);
    ProducerRecord<byte[], byte[]> keyless =
        new ProducerRecord<>(partition.topic(), 0, null, Writer.bytes("v"));
    Writer plain = stage.writer("P");
    plain.send("keyless", keyless);
    plain.flush();
    plain.send(partition, "a");
    plain.flush();
    refusedInTransaction(stage, partition, stage.transactional("T", "T", Map.of()), keyless);
  }

  private static void future(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    long tomorrow = stage.world().wallMillis() + Duration.ofDays(1).toMillis();
    ProducerRecord<byte[], byte[]> early =
        new ProducerRecord<>(partition.topic(), 0, tomorrow, Writer.bytes("k"), Writer.bytes("v"));
    Writer plain = stage.writer("P");
    plain.send("from the future", early);
    plain.flush();
    plain.send(partition, "a");
    plain.flush();
    refusedInTransaction(stage, partition, stage.transactional("T", "T", Map.of()), early);
  }

  /// A record is refused in the midst of a transaction; then it is aborted, and another follows.
  private static void refusedInTransaction(
      Stage stage,
      TopicPartition partition,
      Writer writer,
      ProducerRecord<byte[], byte[]> refused) {
    writer.init();
    writer.begin();
    writer.send(partition, "b");
    writer.flush();
    writer.send("refused", refused);
    writer.flush();
    writer.send(partition, "c");
    writer.flush();
    writer.commit();
    writer.abort();
    writer.begin();
    writer.send(partition, "d");
    writer.commit();
    writer.outcomes();
    stage.ask().awaitStable(partition);
    stage.ask().log(partition);
    Reading.both(stage, partition);
  }

  private static void unknownTopic(Stage stage) {
    stage.topic("t", 1);
    Map<String, Object> hasty = Map.of(ProducerConfig.MAX_BLOCK_MS_CONFIG, 300);
    Writer plain = stage.writer("P", hasty);
    plain.send(stage.partition("missing", 0), "a");
    plain.flush();
    plain.send(stage.partition("t", 5), "b");
    plain.flush();
    stage.attempt(
        "partitions of a missing topic",
        () -> plain.producer().partitionsFor(stage.name("missing")));
    Writer writer = stage.transactional("T", "T", hasty);
    writer.init();
    writer.begin();
    writer.send(stage.partition("missing", 0), "c");
    writer.flush();
    writer.commit();
    writer.abort();
    writer.begin();
    writer.send(stage.partition("t", 0), "d");
    writer.commit();
    writer.outcomes();
    try (Consumer<byte[], byte[]> consumer = stage.consumer(Map.of())) {
      stage.attempt(
          "end of a missing partition",
          () ->
              consumer.endOffsets(List.of(stage.partition("missing", 0)), Duration.ofMillis(300)));
    }
    stage.note("end " + stage.ask().end(stage.partition("t", 0), IsolationLevel.READ_UNCOMMITTED));
  }

  private static void afterClose(Stage stage) {
    stage.topic("t", 1);
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.send(stage.partition("t", 0), "a");
    writer.close();
    writer.outcomes();
    writer.send(stage.partition("t", 0), "b");
    writer.outcomes();
    writer.begin();
    writer.commit();
    writer.flush();
    writer.close();
    stage.ask().awaitStable(stage.partition("t", 0));
    Reading.both(stage, stage.partition("t", 0));
  }
}
