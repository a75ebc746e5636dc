package dev.gretchen.chaos.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.nemesis.KafkaRoles;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokersIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String TOPIC = "colors";

  @TempDir Path folder;

  @Test
  void threeBrokersKeepWhatTheyAcknowledgedWhileOneIsKilledAndComesBack() throws Exception {
    List<Child> children;
    try (Processes processes = Processes.openTemporary(folder.resolve("scratch"))) {
      Brokers brokers = Brokers.start(processes, BrokerSettings.withLogs(folder.resolve("logs")));
      children = processes.running();
      assertThat(children).hasSize(3);
      assertThat(transactionVersion(brokers)).isEqualTo(Brokers.TRANSACTION_VERSION);
      createTopic(brokers);
      send(brokers, "before");

      brokers.kill(2);
      await().atMost(LIMIT).until(() -> brokers.registered(LIMIT).equals(Set.of(1, 3)));
      send(brokers, "between");
      brokers.restart(2);
      brokers.awaitAllUp(LIMIT);
      send(brokers, "after");

      assertThat(values(brokers)).containsExactly("before", "between", "after");
      assertThat(brokers.unexpectedExits()).isEmpty();
      assertThat(brokers.brokerFaults()).isInstanceOf(BrokerFaults.Supported.class);
      rolesAreFoundWhereKafkaKeepsThem(brokers);
      externalClusterIsReachedAndLeftAlone(brokers);
      brokers.close();
      assertThat(processes.running()).isEmpty();
    }
    assertThat(children).noneMatch(Child::isAlive);
  }

  private static void rolesAreFoundWhereKafkaKeepsThem(Brokers brokers) throws Exception {
    Map<String, Object> properties = properties(brokers);
    properties.put("group.id", "app");
    properties.put("client.id", "w2-consumer");
    try (var roles = KafkaRoles.open(brokers.clientProperties(), "app", () -> List.of("w1", "w2"));
        var member =
            new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
      assertThat(roles.ownerOf(TOPIC, 0)).isEmpty();
      member.subscribe(List.of(TOPIC));
      await()
          .atMost(LIMIT)
          .until(() -> {
            member.poll(Duration.ofMillis(200));
            return roles.ownerOf(TOPIC, 0).equals(Optional.of("w2"));
          });
      assertThat(roles.leaderOf(TOPIC, 0)).isPresent();
    }
  }

  private static void externalClusterIsReachedAndLeftAlone(Brokers brokers) throws Exception {
    try (Cluster external = ExternalCluster.connect(brokers.bootstrap(), Map.of("x", "y"))) {
      assertThat(external.clientProperties()).containsEntry("x", "y");
      assertThat(external.brokerFaults()).isInstanceOf(BrokerFaults.Unsupported.class);
    }
    assertThat(brokers.registered(LIMIT)).containsExactly(1, 2, 3);
  }

  @Test
  void saysInOneSentenceThatTheServerIsMissing() {
    try (Processes processes = Processes.openTemporary(folder.resolve("scratch"))) {
      BrokerSettings settings =
          BrokerSettings.withLogs(folder.resolve("logs"))
              .withCount(1)
              .withClassPath(folder.toString());
      assertThatThrownBy(() -> Brokers.start(processes, settings))
          .isInstanceOf(EnvironmentFailure.class)
          .hasMessageContaining("class path lacks the Kafka server");
      assertThat(processes.running()).isEmpty();
    }
  }

  private static int transactionVersion(Cluster cluster) throws Exception {
    try (Admin admin = Admin.create(properties(cluster))) {
      var features = admin.describeFeatures().featureMetadata().get(10, TimeUnit.SECONDS);
      var range = features.finalizedFeatures().get("transaction.version");
      return range == null ? 0 : range.maxVersionLevel();
    }
  }

  private static void createTopic(Cluster cluster) throws Exception {
    try (Admin admin = Admin.create(properties(cluster))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, 1, (short) 3)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private static void send(Cluster cluster, String value) throws Exception {
    try (var producer =
        new KafkaProducer<>(properties(cluster), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, 0, "key", value)).get(60, TimeUnit.SECONDS);
    }
  }

  private static List<String> values(Cluster cluster) {
    try (var consumer =
        new KafkaConsumer<>(
            properties(cluster), new StringDeserializer(), new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(TOPIC, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      List<String> values = new ArrayList<>();
      await()
          .atMost(LIMIT)
          .until(() -> {
            consumer.poll(Duration.ofMillis(200)).forEach(message -> values.add(message.value()));
            return values.size() >= 3;
          });
      return values;
    }
  }

  private static Map<String, Object> properties(Cluster cluster) {
    return new HashMap<>(cluster.clientProperties());
  }
}
