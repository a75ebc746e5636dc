package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// The orders of the enrichment benchmark and their answers, on the brokers. Order n has key `k<n
/// modulo keys>` and value `n`; its answer says `n` and the how-manieth of its key it was.
final class Orders implements AutoCloseable {

  private static final String TOPIC = "orders";
  private static final Duration POLL = Duration.ofMillis(500);

  private final Map<String, ?> connection;
  private final int keys;
  private final Admin admin;

  /// What a run has answered.
  ///
  /// @param wrong the first answer that is not as it should be, empty where all are
  record Answers(long records, String wrong) {}

  Orders(Map<String, ?> connection, int keys) {
    this.connection = connection;
    this.keys = keys;
    this.admin = Admin.create(new HashMap<>(connection));
  }

  void load(long count) throws InterruptedException {
    make(TOPIC);
    Map<String, Object> settings = new HashMap<>(connection);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (long n = 0; n < count; n++) {
        var _ = producer.send(new ProducerRecord<>(TOPIC, 0, "k" + n % keys, Long.toString(n)));
      }
    }
  }

  /// Makes what a worker wants to find.
  void makeTopics(String name) throws InterruptedException {
    make(name + "-answers");
  }

  private void make(String topic) throws InterruptedException {
    try {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
          .all()
          .get();
    } catch (ExecutionException cause) {
      throw new EnvironmentFailure("topic " + topic + " cannot be made: " + cause, cause);
    }
  }

  /// The committed offset of a worker's group, -1 while there is none.
  long committed(String group) throws InterruptedException {
    try {
      OffsetAndMetadata offset =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get()
              .get(new TopicPartition(TOPIC, 0));
      return offset == null ? -1 : offset.offset();
    } catch (ExecutionException _) {
      // the group is not there yet, or its coordinator is busy
      return -1;
    }
  }

  /// Whether each order that was answered was so once, in the order of its key, and none of a key
  /// was left out before it.
  Answers judge(String name) {
    Map<String, Object> settings = new HashMap<>(connection);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    TopicPartition answers = new TopicPartition(name + "-answers", 0);
    Map<String, Integer> seen = new HashMap<>();
    long records = 0;
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(answers));
      long end = consumer.endOffsets(List.of(answers)).getOrDefault(answers, 0L);
      while (consumer.position(answers) < end) {
        for (ConsumerRecord<String, String> answer : consumer.poll(POLL)) {
          int count = seen.merge(answer.key(), 1, Integer::sum);
          int order = (count - 1) * keys + Integer.parseInt(answer.key().substring(1));
          String right = order + " " + count;
          if (!answer.value().equals(right)) {
            return new Answers(
                records,
                answers
                    + "@"
                    + answer.offset()
                    + " of key "
                    + answer.key()
                    + ": expected '"
                    + right
                    + "', found '"
                    + answer.value()
                    + "'");
          }
          records++;
        }
      }
    }
    return new Answers(records, records == 0 ? "there is no answer" : "");
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
