package dev.gretchen.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.chaos.proxy.Direction;
import dev.gretchen.chaos.proxy.InForce;
import dev.gretchen.chaos.proxy.Links;
import dev.gretchen.chaos.proxy.Rule;
import dev.gretchen.chaos.proxy.Ways;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What [KafkaOperator] and links between brokers do to real brokers.
final class TopicFaultsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final TopicPartition TABLE = new TopicPartition("table", 0);

  @TempDir private static Path folder;

  private static Processes processes;
  private static Links peers;
  private static Brokers brokers;
  private static Admin admin;
  private static KafkaOperator operator;

  @BeforeAll
  static void start() throws Exception {
    processes = Processes.openTemporary(folder.resolve("scratch"));
    peers = Links.between(3);
    brokers =
        Brokers.start(
            processes, BrokerSettings.withLogs(folder.resolve("logs")).withPeers(peers.lanes()));
    peers.connect(brokers.peerPorts());
    admin = Admin.create(Map.copyOf(brokers.clientProperties()));
    admin
        .createTopics(
            List.of(
                new NewTopic("words", 2, (short) 3),
                new NewTopic("table", 1, (short) 3)
                    .configs(Map.of("cleanup.policy", "compact", "segment.ms", "3600000"))))
        .all()
        .get();
    operator =
        KafkaOperator.open(
            brokers.clientProperties(),
            "app",
            "words",
            List.of("table"),
            List.of("words", "table"));
  }

  @AfterAll
  static void stop() {
    operator.close();
    admin.close(Duration.ZERO);
    brokers.close();
    peers.close();
    processes.close();
  }

  @Test
  void aLeaderThatNobodyReachesIsAloneInSyncAndThenNoLonger() throws Exception {
    awaitInSync(3);
    int leader = leaderOfTable();
    List<InForce> cuts = new ArrayList<>();
    for (int other : Set.of(1, 2, 3)) {
      if (other != leader) {
        cuts.add(
            peers
                .of(Ways.broker(other))
                .orElseThrow()
                .apply(new Rule.Cut(Direction.BOTH), Set.of(leader)));
      }
    }
    // who has all there is counts as in sync, however long ago it asked
    write(5);
    awaitInSync(1);
    assertThat(operator.awaitInSync(Duration.ofMillis(300))).isFalse();
    cuts.forEach(InForce::close);
    assertThat(operator.awaitInSync(LIMIT)).isTrue();
    assertThat(table().isr()).hasSize(3);
    assertThat(cuts).allMatch(cut -> cut.effects() > 0);
  }

  @Test
  void leadersMoveAndNobodyIsLost() throws Exception {
    awaitInSync(3);
    int before = leaderOfTable();
    assertThat(operator.moveLeaders()).isPositive();
    await().atMost(LIMIT).until(() -> leaderOfTable() != before);
    awaitInSync(3);
  }

  @Test
  void aCompactionTakesWhatWasRolledAndPutsConfigsBack() throws Exception {
    awaitInSync(3);
    write(300);
    long before = first();
    Map<String, String> rolled =
        Map.of("segment.ms", "100", "min.compaction.lag.ms", Long.toString(Long.MAX_VALUE));
    try (Operator.Tuned _ = operator.tune(List.of("table"), rolled)) {
      await().atMost(LIMIT).until(() -> config("segment.ms").equals("100"));
      write(300);
    }
    // what the topic had, and the default
    await().atMost(LIMIT).until(() -> config("segment.ms").equals("3600000"));
    await().atMost(LIMIT).until(() -> config("min.compaction.lag.ms").equals("0"));
    Map<String, String> compacted =
        Map.of("min.compaction.lag.ms", "0", "min.cleanable.dirty.ratio", "0");
    try (Operator.Tuned _ = operator.tune(List.of("table"), compacted)) {
      await().atMost(LIMIT).until(() -> first() > before);
    }
  }

  private static long first() throws InterruptedException {
    return operator.firstRecords(List.of("table")).getOrDefault(TABLE, -1L);
  }

  @Test
  void whatAStrangerAbortsIsNeverSeenAndWhatIsOpenHoldsUpWhatFollows() throws Exception {
    long seen = readable();
    assertThat(operator.writeAndAbort("words", 2)).isEqualTo(2 * partitionsOfWords());
    assertThat(readable()).isEqualTo(seen);
    Map<TopicPartition, Long> before = operator.ends(List.of("words"));
    try (Operator.Hanging _ = operator.hang(before.keySet())) {
      assertThat(operator.writeStrange("words", 1)).isEqualTo(6 * partitionsOfWords());
      assertThat(operator.ends(List.of("words"))).isEqualTo(before);
    }
    await().atMost(LIMIT).until(() -> readable() == seen + 6L * partitionsOfWords());
  }

  @Test
  void whatIsDeletedLiesBeforeTheOffsetThatIsThenSetByHand() throws Exception {
    TopicPartition word = new TopicPartition("words", 0);
    operator.writeStrange("words", 1);
    long end = operator.ends(List.of("words")).getOrDefault(word, 0L);
    assertThat(operator.committed(word)).isEmpty();
    operator.setCommitted(word, end - 3);
    assertThat(operator.committed(word)).contains(new Operator.Committed(end - 3, false));
    operator.deleteBefore(word, end - 2);
    assertThat(operator.firstRecords(List.of("words"))).containsEntry(word, end - 2);
  }

  @Test
  void aTopicHasMorePartitionsThen() throws Exception {
    int before = partitionsOfWords();
    assertThat(operator.addPartitions("words", 3)).isEqualTo(3);
    assertThat(partitionsOfWords()).isEqualTo(before + 3);
  }

  private static void write(int records) {
    Map<String, Object> properties = new HashMap<>(brokers.clientProperties());
    properties.put("batch.size", 0);
    properties.put("acks", "1");
    properties.put("enable.idempotence", false);
    try (var producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < records; i++) {
        // their times are what a log is rolled by
        producer.send(
            new ProducerRecord<>("table", 0, 1_000L * i, new byte[] {(byte) (i % 3)}, new byte[9]));
      }
    }
  }

  private static long readable() throws Exception {
    Map<String, Object> properties = new HashMap<>(brokers.clientProperties());
    properties.put("isolation.level", "read_committed");
    properties.put("enable.auto.commit", false);
    long records = 0;
    Map<TopicPartition, Long> ends = operator.ends(List.of("words"));
    try (var consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        records += consumer.poll(Duration.ofMillis(100)).count();
      }
    }
    return records;
  }

  private static int partitionsOfWords() throws Exception {
    return described("words").size();
  }

  private static TopicPartitionInfo table() throws Exception {
    return described("table").getFirst();
  }

  private static List<TopicPartitionInfo> described(String topic) throws Exception {
    return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
        .flatMap(description -> description.partitions().stream())
        .toList();
  }

  private static int leaderOfTable() throws Exception {
    return table().leader().id();
  }

  private static void awaitInSync(int replicas) {
    await().atMost(LIMIT).until(() -> table().isr().size() == replicas);
  }

  private static String config(String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "table");
    return admin.describeConfigs(List.of(resource)).all().get().values().stream()
        .map(config -> config.get(name).value())
        .findFirst()
        .orElseThrow();
  }
}
