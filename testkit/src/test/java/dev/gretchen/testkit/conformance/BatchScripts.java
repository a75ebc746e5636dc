package dev.gretchen.testkit.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/// What becomes of a record because of others in its batch, and of those that are not sent yet.
final class BatchScripts {

  /// Long enough for all records of a script to come into one batch.
  private static final Map<String, Object> SLOW = Map.of(ProducerConfig.LINGER_MS_CONFIG, 60_000);

  private BatchScripts() {}

  static List<Script> all() {
    return List.of(
        new Script("batchWithNullKey", BatchScripts::withNullKey),
        new Script("batchFromFuture", BatchScripts::fromFuture),
        new Script("batchTooLarge", BatchScripts::tooLarge),
        new Script("batchTooLargeForProducer", BatchScripts::tooLargeForProducer),
        new Script("unsentAborted", BatchScripts::unsentAborted),
        new Script("unsentClosed", BatchScripts::unsentClosed),
        new Script("unsentAbandoned", BatchScripts::unsentAbandoned));
  }

  /// Both producers send what is refused between what is not.
  private static void refused(
      Stage stage, TopicPartition partition, ProducerRecord<byte[], byte[]> refused) {
    Writer plain = stage.writer("P", SLOW);
    plain.send(partition, "a");
    plain.send("refused", refused);
    plain.send(partition, "b");
    plain.flush();
    plain.send(partition, "c");
    plain.flush();
    Writer writer = stage.transactional("T", "T", SLOW);
    writer.init();
    writer.begin();
    writer.send(partition, "d");
    writer.send("refused", refused);
    writer.send(partition, "e");
    writer.commit();
    writer.outcomes();
    writer.abort();
    writer.begin();
    writer.send(partition, "f");
    writer.commit();
    writer.outcomes();
    stage.ask().awaitStable(partition);
    Reading.both(stage, partition);
  }

  private static void withNullKey(Stage stage) {
    stage.topic("t", 1, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "compact"));
    TopicPartition partition = stage.partition("t", 0);
    refused(stage, partition, new ProducerRecord<>(partition.topic(), 0, null, Writer.bytes("v")));
  }

  private static void fromFuture(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    long tomorrow = stage.world().wallMillis() + Duration.ofDays(1).toMillis();
    refused(
        stage,
        partition,
        new ProducerRecord<>(partition.topic(), 0, tomorrow, Writer.bytes("k"), Writer.bytes("v")));
  }

  /// A batch that is too large for the topic, of records that are not, is sent in parts.
  private static void tooLarge(Stage stage) {
    stage.topic("t", 1, Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "2000"));
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.transactional("T", "T", SLOW);
    writer.init();
    writer.begin();
    for (int i = 0; i < 5; i++) {
      writer.send("part " + i, sized(partition, 700));
    }
    writer.flush();
    writer.send("large", sized(partition, 2_500));
    writer.send("small", sized(partition, 700));
    writer.flush();
    writer.commit();
    writer.abort();
    stage.ask().awaitStable(partition);
    stage.ask().log(partition);
  }

  private static ProducerRecord<byte[], byte[]> sized(TopicPartition partition, int bytes) {
    return new ProducerRecord<>(
        partition.topic(), partition.partition(), Writer.bytes("k"), new byte[bytes]);
  }

  private static void tooLargeForProducer(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer =
        stage.transactional("T", "T", Map.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2_000));
    writer.init();
    writer.begin();
    for (int i = 0; i < 5; i++) {
      writer.send("part " + i, sized(partition, 700));
    }
    writer.flush();
    writer.commit();
    stage.ask().awaitStable(partition);
    stage.ask().log(partition);
  }

  /// What was not sent at the abort is aborted with it; a real producer whose thread is awake in
  /// that very moment takes the transaction's end for a reason to send it all the same, and it is
  /// aborted in the log.
  private static void unsentAborted(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.transactional("T", "T", SLOW);
    writer.init();
    writer.begin();
    writer.send(partition, "a");
    writer.abort();
    writer.endings();
    writer.begin();
    writer.send(partition, "b");
    writer.flush();
    writer.written();
    writer.send(partition, "c");
    writer.abort();
    writer.endings();
    writer.begin();
    writer.send(partition, "d");
    writer.commit();
    writer.written();
    stage.ask().awaitStable(partition);
    Reading.committedValues(stage, partition);
  }

  private static void unsentClosed(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer plain = stage.writer("P", SLOW);
    plain.send(partition, "a");
    plain.close();
    plain.outcomes();
    Writer writer = stage.transactional("T", "T", SLOW);
    writer.init();
    writer.begin();
    writer.send(partition, "b");
    writer.close();
    writer.outcomes();
    stage.ask().awaitStable(partition);
    Reading.both(stage, partition);
  }

  /// What a producer does not wait for is told as failed. It may be written nonetheless: a real
  /// producer that closes at once still sends what it has collected if its thread happens to be
  /// awake, so that the log itself is not the same from run to run. A successor settles it.
  private static void unsentAbandoned(Stage stage) {
    stage.topic("p", 1);
    TopicPartition plainPartition = stage.partition("p", 0);
    Writer plain = stage.writer("P", SLOW);
    plain.send(plainPartition, "a");
    plain.abandon();
    plain.outcomes();
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.transactional("T", "T", SLOW);
    writer.init();
    writer.begin();
    writer.send(partition, "b");
    writer.flush();
    writer.send(partition, "c");
    writer.abandon();
    writer.outcomes();
    Writer successor = stage.transactional("U", "T", Map.of());
    successor.init();
    successor.begin();
    successor.send(partition, "d");
    successor.commit();
    stage.ask().awaitStable(partition);
    Reading.committedValues(stage, partition);
  }
}
