package dev.gretchen.chaos.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.process.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Each rule as a real client sees it, on two real brokers.
@Timeout(40)
final class LinksIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Set<Integer> BROKERS = Set.of(1, 2);
  private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

  @TempDir private static Path folder;
  private static Processes processes;
  private static Links links;
  private static Brokers brokers;

  private Link link;
  private String topic;

  @BeforeAll
  static void startBrokers() throws Exception {
    processes = Processes.openTemporary(folder.resolve("scratch"));
    links = Links.open(2, BROKERS);
    BrokerSettings settings =
        BrokerSettings.withLogs(folder.resolve("logs")).withCount(2).withLanes(links.lanes());
    brokers = Brokers.start(processes, settings);
    links.connect(brokers.lanePorts());
  }

  @AfterAll
  static void stopBrokers() {
    links.close();
    brokers.close();
    processes.close();
  }

  @BeforeEach
  void newTopic(TestInfo test) throws Exception {
    link = links.of("w1").orElseThrow();
    topic = test.getTestMethod().orElseThrow().getName();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrap()))) {
      admin
          .createTopics(List.of(new NewTopic(topic, 1, (short) 2)))
          .all()
          .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @AfterEach
  void liftAll() {
    links.clear();
  }

  @Test
  void everyAddressThatAClientLearnsLeadsThroughItsLink() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", link.bootstrap()))) {
      var nodes = admin.describeCluster().nodes().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(nodes)
          .extracting(Node::port)
          .containsExactlyInAnyOrderElementsOf(link.ports().values());
    }
    try (var consumer = new KafkaConsumer<>(consumer(), strings(), strings())) {
      assertThat(consumer.partitionsFor(topic).getFirst().leader().port())
          .isIn(link.ports().values());
    }
    assertThat(links.of("w2").orElseThrow().ports().values())
        .doesNotContainAnyElementsOf(link.ports().values());
    assertThat(links.of("w3")).isEmpty();
  }

  @Test
  void aCommitWhoseResponseWasLostIsAskedForAgainAndDoneOnce() {
    assertThat(transactions(ApiKeys.END_TXN, 2, Rule.Loss.RESET))
        .containsExactly("response 2 of END_TXN");
  }

  @Test
  void offsetsInATransactionWhoseResponseWasLostAreSentAgainAndCountOnce() {
    assertThat(transactions(ApiKeys.TXN_OFFSET_COMMIT, 1, Rule.Loss.RESET))
        .containsExactly("response 1 of TXN_OFFSET_COMMIT");
  }

  @Test
  void aBatchWhoseResponseWasLostIsSentAgainAndStandsOnceInTheLog() {
    assertThat(transactions(ApiKeys.PRODUCE, 3, Rule.Loss.RESET))
        .containsExactly("response 3 of PRODUCE");
  }

  @Test
  void aResponseThatNeverComesIsGivenUpAfterTheRequestTimeout() {
    long from = System.nanoTime();
    assertThat(transactions(ApiKeys.END_TXN, 1, Rule.Loss.SILENCE)).hasSize(1);
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void aProducerBeginsAlthoughItsFirstInitProducerIdWasNotAnswered() {
    assertThat(transactions(ApiKeys.INIT_PRODUCER_ID, 1, Rule.Loss.RESET))
        .containsExactly("response 1 of INIT_PRODUCER_ID");
  }

  /// Three transactions with a record and offsets each, through one lost response: all three are in
  /// the log once, and the offsets are the last ones.
  private List<String> transactions(ApiKeys api, int nth, Rule.Loss loss) {
    Map<String, Object> group = consumer();
    group.put("group.id", "group-" + topic);
    try (InForce lost = link.apply(new Rule.LoseResponse(api, nth, 1, loss));
        var member = new KafkaConsumer<>(group, strings(), strings());
        var producer = new KafkaProducer<>(transactional(), text(), text())) {
      producer.initTransactions();
      for (int i = 1; i <= 3; i++) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, "k", "v" + i));
        producer.sendOffsetsToTransaction(
            Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(i)), member.groupMetadata());
        producer.commitTransaction();
      }
      assertThat(committedValues(3)).containsExactly("v1", "v2", "v3");
      assertThat(committedOffset()).isEqualTo(3);
      assertThat(lost.effects()).isEqualTo(1);
      assertThat(lost.bytes()).isPositive();
      return lost.notes().stream().map(note -> note.replaceFirst(" from broker.*", "")).toList();
    }
  }

  @Test
  void aHeldCommitTakesEffectWhenItIsReleased() {
    try (InForce held = link.apply(new Rule.HoldRequest(ApiKeys.END_TXN, 1));
        var producer = new KafkaProducer<>(transactional(), text(), text())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, "k", "held"));
      producer.flush();
      var commit = CompletableFuture.runAsync(producer::commitTransaction, THREADS);
      await().atMost(LIMIT).until(() -> held.effects() == 1);
      assertThat(committedValues(0)).isEmpty();
      assertThat(commit).isNotDone();

      held.release();

      assertThat(committedValues(1)).containsExactly("held");
      assertThat(commit).succeedsWithin(LIMIT);
    }
  }

  @Test
  void aMemberOfAGroupOutlivesLostResponsesOfEachKind() throws Exception {
    send("a");
    for (ApiKeys api :
        List.of(ApiKeys.JOIN_GROUP, ApiKeys.SYNC_GROUP, ApiKeys.HEARTBEAT, ApiKeys.FETCH)) {
      Map<String, Object> properties = consumer();
      properties.put("group.id", topic + "-" + api.id);
      properties.put("heartbeat.interval.ms", "100");
      try (InForce lost = link.apply(new Rule.LoseResponse(api, 1, 2, Rule.Loss.RESET));
          var member = new KafkaConsumer<>(properties, strings(), strings())) {
        member.subscribe(List.of(topic));
        List<String> read = new ArrayList<>();
        await()
            .atMost(LIMIT)
            .until(() -> {
              member.poll(Duration.ofMillis(100)).forEach(record -> read.add(record.value()));
              return lost.effects() == 2 && !read.isEmpty();
            });
        assertThat(read).as("through lost responses of %s", api).containsExactly("a");
      }
    }
  }

  @Test
  void whatWasCutOffArrivesLateWhenTheCutIsLifted() throws Exception {
    Map<String, Object> properties = producer();
    properties.put("request.timeout.ms", "1000");
    properties.put("delivery.timeout.ms", "1000");
    properties.put("linger.ms", "0");
    try (var producer = new KafkaProducer<>(properties, text(), text())) {
      producer.send(new ProducerRecord<>(topic, "k", "before")).get(30, TimeUnit.SECONDS);
      try (InForce cut = link.apply(new Rule.Cut(Direction.BOTH))) {
        var late = producer.send(new ProducerRecord<>(topic, "k", "late"));
        assertThat(late).failsWithin(LIMIT);
        assertThat(cut.effects()).isPositive();
        assertThat(RoundTrip.measure(link.port(1), Duration.ofMillis(300))).isEmpty();
        assertThat(committedValues(1)).containsExactly("before");
      }
      // the client has given up; the request that it sent has not
      assertThat(committedValues(2)).containsExactly("before", "late");
    }
  }

  @Test
  void whatIsAnsweredIntoABlackHoleIsDoneAndUnknown() throws Exception {
    Map<String, Object> properties = producer();
    properties.put("request.timeout.ms", "1500");
    properties.put("delivery.timeout.ms", "1500");
    properties.put("linger.ms", "0");
    try (var producer = new KafkaProducer<>(properties, text(), text())) {
      producer.send(new ProducerRecord<>(topic, "k", "before")).get(30, TimeUnit.SECONDS);
      try (InForce hole = link.apply(new Rule.Swallow(Set.of(Direction.FROM_BROKER)))) {
        assertThat(producer.send(new ProducerRecord<>(topic, "k", "unknown"))).failsWithin(LIMIT);
        assertThat(committedValues(2)).containsExactly("before", "unknown");
        assertThat(hole.bytes()).isPositive();
      }
      producer.send(new ProducerRecord<>(topic, "k", "after")).get(30, TimeUnit.SECONDS);
      assertThat(committedValues(3)).containsExactly("before", "unknown", "after");
    }
  }

  @Test
  void refusedAndResetConnectionsAreMadeAgain() throws Exception {
    try (var producer = new KafkaProducer<>(producer(), text(), text())) {
      producer.send(new ProducerRecord<>(topic, "k", "1")).get(30, TimeUnit.SECONDS);
      Future<RecordMetadata> waiting;
      try (InForce refused = link.apply(new Rule.Refuse())) {
        waiting = producer.send(new ProducerRecord<>(topic, "k", "2"));
        await().atMost(LIMIT).until(() -> refused.effects() > 2);
        assertThat(link.connections()).isZero();
        assertThat(waiting).isNotDone();
      }
      assertThat(waiting).succeedsWithin(LIMIT);
      assertThat(link.resetConnections(Set.of())).isPositive();
      producer.send(new ProducerRecord<>(topic, "k", "3")).get(30, TimeUnit.SECONDS);
      assertThat(committedValues(3)).containsExactly("1", "2", "3");
    }
  }

  @Test
  void delayBandwidthAndSlicesShowInTheRoundTrip() throws Exception {
    Duration usual = RoundTrip.measure(link.port(1), LIMIT).orElseThrow();
    try (InForce slow = link.apply(new Rule.Delay(Duration.ofMillis(50), Duration.ofMillis(60)))) {
      assertThat(RoundTrip.measure(link.port(1), LIMIT).orElseThrow())
          .isBetween(Duration.ofMillis(100), usual.plus(LIMIT));
      assertThat(slow.effects()).isEqualTo(4);
    }
    // the answer has some hundreds of bytes
    try (InForce narrow = link.apply(new Rule.Bandwidth(2_000))) {
      assertThat(RoundTrip.measure(link.port(1), LIMIT).orElseThrow())
          .isGreaterThan(Duration.ofMillis(100));
      assertThat(narrow.bytes()).isGreaterThan(400);
    }
    try (InForce sliced = link.apply(new Rule.Slice(7, Duration.ofMillis(1)))) {
      send("in small pieces");
      assertThat(committedValues(1)).containsExactly("in small pieces");
      assertThat(sliced.effects()).isGreaterThan(20);
    }
    // a rule for one broker leaves the others alone
    try (InForce one = link.apply(new Rule.Cut(Direction.BOTH), Set.of(1))) {
      assertThat(RoundTrip.measure(link.port(1), Duration.ofMillis(300))).isEmpty();
      assertThat(RoundTrip.measure(link.port(2), LIMIT)).isPresent();
      assertThat(one.effects()).isPositive();
    }
    assertThat(RoundTrip.measure(link.port(1), LIMIT)).isPresent();
  }

  private void send(String value) throws Exception {
    try (var producer = new KafkaProducer<>(producer(), text(), text())) {
      producer.send(new ProducerRecord<>(topic, "k", value)).get(30, TimeUnit.SECONDS);
    }
  }

  /// What a reader of committed records sees beside the links, once there are so many.
  private List<String> committedValues(int atLeast) {
    Map<String, Object> properties = consumer();
    properties.put("bootstrap.servers", brokers.bootstrap());
    List<String> values = new ArrayList<>();
    try (var reader = new KafkaConsumer<>(properties, strings(), strings())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      reader.assign(List.of(partition));
      reader.seekToBeginning(List.of(partition));
      await()
          .atMost(LIMIT)
          .until(() -> {
            for (ConsumerRecord<String, String> record : reader.poll(Duration.ofMillis(300))) {
              values.add(record.value());
            }
            return values.size() >= atLeast;
          });
    }
    return values;
  }

  private long committedOffset() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrap()))) {
      var offsets =
          admin
              .listConsumerGroupOffsets("group-" + topic)
              .partitionsToOffsetAndMetadata()
              .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      return Objects.requireNonNull(offsets.get(new TopicPartition(topic, 0))).offset();
    } catch (Exception e) {
      throw new AssertionError("The group's offsets cannot be read", e);
    }
  }

  private Map<String, Object> client() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", link.bootstrap());
    properties.put("request.timeout.ms", "2000");
    properties.put("default.api.timeout.ms", "20000");
    return properties;
  }

  private Map<String, Object> producer() {
    Map<String, Object> properties = client();
    properties.put("delivery.timeout.ms", "20000");
    return properties;
  }

  private Map<String, Object> transactional() {
    Map<String, Object> properties = producer();
    properties.put("transactional.id", "of-" + topic);
    properties.put("max.block.ms", "20000");
    return properties;
  }

  private Map<String, Object> consumer() {
    Map<String, Object> properties = client();
    properties.put("isolation.level", "read_committed");
    properties.put("auto.offset.reset", "earliest");
    properties.put("enable.auto.commit", "false");
    return properties;
  }

  private static StringSerializer text() {
    return new StringSerializer();
  }

  private static StringDeserializer strings() {
    return new StringDeserializer();
  }
}
