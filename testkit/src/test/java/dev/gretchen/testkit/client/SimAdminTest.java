package dev.gretchen.testkit.client;

import static dev.gretchen.testkit.client.SimCluster.partitions;
import static dev.gretchen.testkit.client.SimCluster.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.testkit.kafka.Request;
import dev.gretchen.testkit.sim.SimProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What an admin client answers, and how.
class SimAdminTest {

  private static final TopicPartition T0 = new TopicPartition("t", 0);

  private final SimCluster cluster = new SimCluster(3);
  private final SimProcess process = cluster.process("w1");
  private final Admin admin = cluster.admin(process);

  @AfterEach
  void end() {
    cluster.close();
  }

  private static NewTopic topic(String name, int partitions) {
    return new NewTopic(name, Optional.of(partitions), Optional.empty());
  }

  @Test
  void makesDescribesListsAndDeletesTopics() throws Exception {
    cluster.refuse(Request.Metadata.class, Errors.COORDINATOR_NOT_AVAILABLE, 1);

    cluster.run(
        process,
        () -> {
          admin.createTopics(List.of(topic("t", 3))).all().get();
          var described = admin.describeTopics(List.of("t")).allTopicNames().get();
          assertThat(described).containsOnlyKeys("t");
          assertThat(described.get("t"))
              .satisfies(topic -> assertThat(topic.partitions()).hasSize(3));
          assertThat(admin.listTopics().names().get()).containsExactly("t");
          assertThatThrownBy(() -> admin.createTopics(List.of(topic("t", 3))).all().get())
              .isInstanceOf(ExecutionException.class)
              .hasCauseInstanceOf(TopicExistsException.class);
          admin.deleteTopics(List.of("t")).all().get();
          assertThatThrownBy(() -> admin.describeTopics(List.of("t")).allTopicNames().get())
              .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        });
  }

  @Test
  void givesUpWhenItsTimeIsOver() throws Exception {
    cluster.cutOff(Request.Metadata.class, Duration.ofMinutes(1));

    cluster.run(
        process,
        () -> {
          long start = cluster.scheduler.now();
          var asked =
              admin.describeTopics(List.of("t"), new DescribeTopicsOptions().timeoutMs(1_000));
          assertThat(Duration.ofNanos(cluster.scheduler.now() - start))
              .isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_010));
          assertThat(asked.allTopicNames().isDone()).isTrue();
          assertThatThrownBy(() -> asked.allTopicNames().get())
              .hasCauseInstanceOf(TimeoutException.class);
        });
  }

  @Test
  @SuppressWarnings("removal") // the clients themselves have no other way to make one
  void leavesOutPartitionsWhoseOffsetAPendingTransactionMayChange() throws Exception {
    cluster.topic("t", 3);
    ListConsumerGroupOffsetsSpec spec =
        new ListConsumerGroupOffsetsSpec().topicPartitions(partitions("t", 0, 1, 2));
    ListConsumerGroupOffsetsOptions stable =
        new ListConsumerGroupOffsetsOptions().requireStable(true);

    cluster.run(
        process,
        () -> {
          ConsumerGroupMetadata nobody = new ConsumerGroupMetadata("group");
          Producer<byte[], byte[]> producer = cluster.transactional(process, "id");
          producer.initTransactions();
          producer.beginTransaction();
          producer.sendOffsetsToTransaction(
              Map.of(new TopicPartition("t", 1), new OffsetAndMetadata(5)), nobody);
          producer.commitTransaction();
          cluster.scheduler.sleep(50_000_000);
          producer.beginTransaction();
          producer.sendOffsetsToTransaction(Map.of(T0, new OffsetAndMetadata(7)), nobody);
          var pending =
              admin
                  .listConsumerGroupOffsets(Map.of("group", spec), stable)
                  .partitionsToOffsetAndMetadata("group")
                  .get();
          assertThat(pending)
              .hasSize(2)
              .containsEntry(new TopicPartition("t", 1), new OffsetAndMetadata(5))
              .containsEntry(new TopicPartition("t", 2), null);
          producer.commitTransaction();
          cluster.scheduler.sleep(50_000_000);
          assertThat(
                  admin
                      .listConsumerGroupOffsets(Map.of("group", spec), stable)
                      .partitionsToOffsetAndMetadata("group")
                      .get())
              .containsEntry(T0, new OffsetAndMetadata(7));
        });
  }

  @Test
  void listsOffsetsOfLogs() throws Exception {
    cluster.topic("t", 2);

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.transactional(process, "id");
          producer.initTransactions();
          producer.beginTransaction();
          for (int i = 0; i < 5; i++) {
            producer.send(record("t", 0, "v" + i));
          }
          producer.flush();
          var latest = Map.of(T0, OffsetSpec.latest());
          assertThat(admin.listOffsets(latest).partitionResult(T0).get().offset()).isEqualTo(5);
          assertThat(
                  admin
                      .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                      .partitionResult(T0)
                      .get()
                      .offset())
              .isZero();
          producer.commitTransaction();
          admin.deleteRecords(Map.of(T0, RecordsToDelete.beforeOffset(2))).all().get();
          assertThat(
                  admin
                      .listOffsets(Map.of(T0, OffsetSpec.earliest()))
                      .partitionResult(T0)
                      .get()
                      .offset())
              .isEqualTo(2);
        });
  }

  @Test
  void removesMembersByTheirInstanceId() throws Exception {
    cluster.topic("t", 2);
    Member left = new Member(cluster, "w2", Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "w2"));
    cluster.pass(Duration.ofSeconds(2));
    cluster.scheduler.kill(left.process);

    cluster.run(
        process,
        () -> {
          assertThat(admin.describeConsumerGroups(List.of("group")).all().get().values())
              .flatExtracting(ConsumerGroupDescription::members)
              .hasSize(1)
              .first()
              .extracting(MemberDescription::groupInstanceId)
              .isEqualTo(Optional.of("w2"));
          var options =
              new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("w2")));
          admin.removeMembersFromConsumerGroup("group", options).all().get();
          assertThatThrownBy(
                  () -> admin.removeMembersFromConsumerGroup("group", options).all().get())
              .hasCauseInstanceOf(UnknownMemberIdException.class);
          assertThatThrownBy(() -> admin.describeConsumerGroups(List.of("other")).all().get())
              .hasCauseInstanceOf(GroupIdNotFoundException.class);
        });
    assertThat(cluster.kafka.describeGroup("group").members()).isEmpty();
  }

  @Test
  void fencesProducers() throws Exception {
    cluster.topic("t", 1);

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.transactional(process, "id");
          producer.initTransactions();
          producer.beginTransaction();
          producer.send(record("t", 0, "a"));
          producer.flush();
          admin.fenceProducers(List.of("id")).all().get();
          assertThatThrownBy(producer::commitTransaction)
              .isInstanceOf(ProducerFencedException.class);
        });
    assertThat(cluster.kafka.isQuiet()).isTrue();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(admin::describeCluster)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("describeCluster");
  }
}
