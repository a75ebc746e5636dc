package dev.gretchen.testkit.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Topics that come, go, and come again under clients that use them.
final class RecreatedScripts {

  private static final Map<String, Object> ATTENTIVE =
      Map.of(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, 200);

  private RecreatedScripts() {}

  static List<Script> all() {
    return List.of(
        new Script("topicComes", RecreatedScripts::comes),
        new Script("topicGrows", RecreatedScripts::grows),
        new Script("recreatedForReader", RecreatedScripts::forReader),
        new Script("recreatedForGroup", RecreatedScripts::forGroup));
  }

  private static void delete(Stage stage) {
    stage.attempt(
        "delete",
        () -> Asking.get(stage.ask().admin().deleteTopics(List.of(stage.name("t"))).all()));
    stage.until(
        "a topic that is gone",
        () ->
            !Stage.outcome(() ->
                    Asking.get(
                        stage
                            .ask()
                            .admin()
                            .describeTopics(List.of(stage.name("t")))
                            .allTopicNames()))
                .equals("done"));
  }

  /// A member waits for a topic that is not there yet.
  private static void comes(Stage stage) {
    stage.topic("t", 1);
    Member member = stage.member("A", "g", ATTENTIVE).subscribe("t", "u");
    stage.settle(member);
    member.report();
    stage.topic("u", 1);
    stage.poll("the new topic", () -> member.owns(2), member);
    member.report();
  }

  private static void grows(Stage stage) throws Exception {
    stage.topic("t", 1);
    Member member = stage.member("A", "g", ATTENTIVE).subscribe("t");
    stage.settle(member);
    delete(stage);
    stage.topic("t", 2);
    stage.poll("the new partition", () -> member.owns(2), member);
    stage.note("owns " + stage.plain(member.consumer().assignment()));
  }

  /// A reader's position is beyond the end of the new topic.
  private static void forReader(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.writer("P", ATTENTIVE);
    writer.send(partition, "a");
    writer.send(partition, "b");
    writer.flush();
    Consumer<byte[], byte[]> consumer =
        stage.consumer(
            Map.of(
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.GROUP_ID_CONFIG,
                stage.name("g"),
                CommonClientConfigs.METADATA_MAX_AGE_CONFIG,
                200));
    consumer.assign(List.of(partition));
    consumer.seek(partition, 0);
    List<Long> read = new ArrayList<>();
    stage.until(
        "two records",
        () -> {
          consumer.poll(Duration.ofMillis(50)).forEach(record -> read.add(record.offset()));
          return read.size() == 2;
        });
    delete(stage);
    stage.topic("t", 1);
    Writer other = stage.writer("Q");
    other.send(partition, "c");
    other.flush();
    String[] failure = {""};
    stage.until(
        "a failure",
        () -> {
          try {
            consumer.poll(Duration.ofMillis(50)).forEach(record -> read.add(record.offset()));
          } catch (KafkaException thrown) {
            failure[0] = Failures.name(thrown);
          }
          return !failure[0].isEmpty();
        });
    stage.note("read " + read + ", then " + failure[0]);
    writer.send(partition, "d");
    writer.flush();
    Reading.both(stage, partition);
  }

  /// What a group has committed stays, or goes with the topic.
  private static void forGroup(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.offsets("of the first", Writer.at(partition, 7), Metadata.unjoined(stage, "g"));
    writer.commit();
    stage.ask().awaitStable("g", partition);
    stage.ask().committed("g", partition);
    delete(stage);
    stage.sleep(Duration.ofMillis(500));
    stage.topic("t", 1);
    stage.ask().committed("g", partition);
  }
}
