package dev.gretchen.bench;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Reads all that a side has written, committed records only, and judges it.
final class Auditor {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final String CHANGELOG = "-changelog";

  private final Map<String, Object> client;
  private final Workload workload;
  private final Answers truth;

  Auditor(Map<String, ?> connection, Workload workload, Answers truth) {
    this.client = new HashMap<>(connection);
    this.workload = workload;
    this.truth = truth;
    client.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    client.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    client.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
    client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
  }

  /// @param topics all topics but the input
  Judged judge(Set<String> topics) {
    Verdict verdict = new Verdict(workload, topics);
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(client)) {
      Set<TopicPartition> open = new HashSet<>();
      for (String topic : topics) {
        consumer
            .partitionsFor(topic)
            .forEach(info -> open.add(new TopicPartition(topic, info.partition())));
      }
      consumer.assign(open);
      consumer.seekToBeginning(open);
      Map<TopicPartition, Long> ends = consumer.endOffsets(open);
      while (!open.isEmpty()) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        records.forEach(verdict::read);
        open.removeIf(
            partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
      }
    }
    return verdict.of(truth);
  }

  /// What is known so far; without any Kafka, so that it can be tried.
  static final class Verdict {

    private final Workload workload;
    private final String answersTopic;
    private final Answers answers;
    private @Nullable String firstMistake;
    private long answered;
    private long outputs;
    private long changelogs;

    Verdict(Workload workload, Set<String> topics) {
      this.workload = workload;
      this.answers = new Answers(workload.keys());
      List<String> named =
          topics.stream().filter(name -> name.endsWith(workload.stage().answers())).toList();
      this.answersTopic = named.size() == 1 ? named.getFirst() : "";
      if (named.size() != 1) {
        mistake(
            "expected one topic that ends with " + workload.stage().answers() + ", found " + named);
      }
    }

    void read(ConsumerRecord<byte[], byte[]> record) {
      boolean changelog = record.topic().endsWith(CHANGELOG);
      if (changelog) {
        changelogs++;
      } else if (workload.stage().outputs().contains(record.topic())) {
        outputs++;
      }
      if (!record.topic().equals(answersTopic)) {
        return;
      }
      byte[] key = record.key();
      if (changelog && key[0] == ChangelogKey.RESERVED) {
        return;
      }
      byte[] value = record.value();
      Tally tally = value == null ? null : TallyJson.decode(value);
      answered++;
      String wrong = answers.put(key, changelog ? 1 : 0, tally);
      if (wrong != null) {
        mistake(wrong);
      }
    }

    Judged of(Answers truth) {
      if (firstMistake == null) {
        String difference = answers.difference(truth);
        if (difference != null) {
          mistake(difference);
        }
      }
      if (workload.stage().isAnsweredEvent() && answered != truth.events()) {
        mistake(answersTopic + " holds " + answered + " records for " + truth.events() + " events");
      }
      return firstMistake == null
          ? new Judged.Right(outputs, changelogs)
          : new Judged.Wrong(firstMistake);
    }

    private void mistake(String sentence) {
      if (firstMistake == null) {
        firstMistake = sentence;
      }
    }
  }
}
