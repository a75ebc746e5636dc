package dev.gretchen.testkit.client;

import static dev.gretchen.testkit.client.SimCluster.partitions;
import static dev.gretchen.testkit.client.SimCluster.record;
import static dev.gretchen.testkit.client.SimCluster.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.testkit.kafka.Request;
import dev.gretchen.testkit.sim.SimProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What polls return, and where positions stand.
class SimConsumerTest {

  private static final TopicPartition T0 = new TopicPartition("t", 0);
  private static final TopicPartition T1 = new TopicPartition("t", 1);
  private static final Duration POLL = Duration.ofMillis(200);

  private final SimCluster cluster = new SimCluster(5);
  private final SimProcess process = cluster.process("w1");

  @AfterEach
  void end() {
    cluster.close();
  }

  private void write(boolean commit, String... values) throws Exception {
    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.transactional(process, "writer");
          producer.initTransactions();
          producer.beginTransaction();
          for (String value : values) {
            producer.send(record("t", 0, value));
          }
          producer.flush();
          if (commit) {
            producer.commitTransaction();
          } else {
            producer.abortTransaction();
          }
          producer.close();
        });
    cluster.pass(Duration.ofMillis(100));
  }

  private static List<String> values(ConsumerRecords<byte[], byte[]> records) {
    List<String> values = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      values.add(text(record.value()));
    }
    return values;
  }

  @Test
  void positionsCrossControlRecordsAndAbortedOnes() throws Exception {
    cluster.topic("t", 1);
    write(true, "a", "b");
    write(false, "c", "d");

    cluster.run(
        process,
        () -> {
          Consumer<byte[], byte[]> consumer = cluster.consumer(process, Map.of());
          consumer.assign(partitions("t", 0));
          ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
          assertThat(values(records)).containsExactly("a", "b");
          // two records and a marker, and the same again
          assertThat(records.nextOffsets())
              .hasSize(1)
              .hasEntrySatisfying(T0, next -> assertThat(next.offset()).isEqualTo(6));
          assertThat(consumer.position(T0)).isEqualTo(6);
        });
  }

  @Test
  void readersOfCommittedRecordsWaitForAnOpenTransaction() throws Exception {
    cluster.topic("t", 1);
    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.transactional(process, "writer");
          producer.initTransactions();
          producer.beginTransaction();
          producer.send(record("t", 0, "a"));
          producer.flush();
          Consumer<byte[], byte[]> consumer = cluster.consumer(process, Map.of());
          consumer.assign(partitions("t", 0));
          assertThat(consumer.poll(POLL).isEmpty()).isTrue();
          assertThat(consumer.endOffsets(partitions("t", 0))).containsEntry(T0, 0L);
          producer.commitTransaction();
          assertThat(values(consumer.poll(Duration.ofSeconds(2)))).containsExactly("a");
        });
  }

  @Test
  void aPollReturnsSoManyRecordsAndTheNextOneTheOthers() throws Exception {
    cluster.topic("t", 1);
    write(true, "a", "b", "c", "d", "e");

    cluster.run(
        process,
        () -> {
          Consumer<byte[], byte[]> consumer =
              cluster.consumer(process, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2));
          consumer.assign(partitions("t", 0));
          List<String> all = new ArrayList<>();
          while (all.size() < 5) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            assertThat(records.count()).isLessThanOrEqualTo(2);
            all.addAll(values(records));
            assertThat(consumer.position(T0)).isGreaterThanOrEqualTo(all.size());
          }
          assertThat(all).containsExactly("a", "b", "c", "d", "e");
        });
  }

  @Test
  void whatWasFetchedOfAPausedPartitionIsNeitherReturnedNorLost() throws Exception {
    cluster.topic("t", 1);
    write(true, "a", "b", "c");

    cluster.run(
        process,
        () -> {
          Consumer<byte[], byte[]> consumer =
              cluster.consumer(process, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1));
          consumer.assign(partitions("t", 0));
          assertThat(values(consumer.poll(POLL))).containsExactly("a");
          cluster.scheduler.sleep(10_000_000);
          consumer.pause(partitions("t", 0));
          assertThat(consumer.poll(POLL).isEmpty()).isTrue();
          assertThat(consumer.position(T0)).isEqualTo(1);
          consumer.resume(partitions("t", 0));
          assertThat(values(consumer.poll(POLL))).containsExactly("b");
        });
  }

  @Test
  void aSeekDropsWhatWasFetchedFromElsewhere() throws Exception {
    cluster.topic("t", 1);
    write(true, "a", "b", "c");

    cluster.run(
        process,
        () -> {
          Consumer<byte[], byte[]> consumer =
              cluster.consumer(process, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1));
          consumer.assign(partitions("t", 0));
          assertThat(values(consumer.poll(POLL))).containsExactly("a");
          cluster.scheduler.sleep(10_000_000);
          consumer.seek(T0, 2);
          assertThat(values(consumer.poll(POLL))).containsExactly("c");
          consumer.seekToBeginning(List.of());
          assertThat(values(consumer.poll(POLL))).containsExactly("a");
        });
  }

  @Test
  void withoutAResetNothingIsGuessed() throws Exception {
    cluster.topic("t", 1);
    write(true, "a");
    Map<String, Object> none = Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");

    cluster.run(
        process,
        () -> {
          Consumer<byte[], byte[]> consumer = cluster.consumer(process, none);
          consumer.assign(partitions("t", 0));
          assertThatThrownBy(() -> consumer.poll(POLL))
              .isInstanceOf(NoOffsetForPartitionException.class);
          consumer.seek(T0, 77);
          assertThatThrownBy(
                  () -> {
                    for (int i = 0; i < 5; i++) {
                      consumer.poll(POLL);
                    }
                  })
              .isInstanceOf(OffsetOutOfRangeException.class);
          consumer.seek(T0, 0);
          assertThat(values(consumer.poll(POLL))).containsExactly("a");
        });
  }

  @Test
  void aPendingTransactionStallsThePollOfAPartitionWithoutPosition() throws Exception {
    cluster.topic("t", 2);

    cluster.run(
        process,
        () -> {
          Consumer<byte[], byte[]> consumer = cluster.member(process, Map.of());
          Producer<byte[], byte[]> producer = cluster.transactional(process, "id");
          producer.initTransactions();
          consumer.subscribe(List.of("t"));
          while (consumer.assignment().size() < 2) {
            consumer.poll(POLL);
          }
          producer.beginTransaction();
          producer.sendOffsetsToTransaction(
              Map.of(T0, new OffsetAndMetadata(0, "meta")), consumer.groupMetadata());

          Consumer<byte[], byte[]> other =
              cluster.consumer(process, Map.of(ConsumerConfig.GROUP_ID_CONFIG, "group"));
          other.assign(partitions("t", 0));
          long start = cluster.scheduler.now();
          assertThat(other.poll(Duration.ofSeconds(1)).isEmpty()).isTrue();
          assertThat(Duration.ofNanos(cluster.scheduler.now() - start))
              .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
          producer.commitTransaction();
          assertThat(other.position(T0)).isZero();
          assertThat(other.committed(partitions("t", 0, 1)))
              .containsEntry(T0, new OffsetAndMetadata(0, "meta"))
              .containsEntry(T1, null);
        });
  }

  @Test
  void offsetsAreCommittedUnderTheMembersGeneration() throws Exception {
    cluster.topic("t", 1);

    cluster.run(
        process,
        () -> {
          Consumer<byte[], byte[]> consumer = cluster.member(process, Map.of());
          consumer.subscribe(List.of("t"));
          while (consumer.assignment().isEmpty()) {
            consumer.poll(POLL);
          }
          cluster.loseReplies(Request.OffsetCommit.class, 1);
          consumer.commitSync(Map.of(T0, new OffsetAndMetadata(0, "x")));
          assertThat(consumer.committed(partitions("t", 0)))
              .containsEntry(T0, new OffsetAndMetadata(0, "x"));
          consumer.close();
        });

    assertThat(cluster.requests(Request.OffsetCommit.class))
        .extracting(request -> request.member().generation())
        .containsExactly(1, 1);
  }

  @Test
  void aSecondFiberIsRefusedWhileOneIsInside() throws Exception {
    cluster.topic("t", 1);
    Consumer<byte[], byte[]> consumer =
        cluster.in(
            process,
            () -> {
              Consumer<byte[], byte[]> made = cluster.consumer(process, Map.of());
              made.assign(partitions("t", 0));
              return made;
            });
    cluster.start(process, () -> consumer.poll(Duration.ofSeconds(5)));
    cluster.pass(Duration.ofSeconds(1));

    assertThatThrownBy(() -> cluster.run(process, () -> consumer.position(T0)))
        .isInstanceOf(ConcurrentModificationException.class);
  }

  @Test
  void lostFetchesAreAskedForAgain() throws Exception {
    cluster.topic("t", 1);
    write(true, "a");
    cluster.loseReplies(Request.Fetch.class, 3);
    cluster.loseReplies(Request.ListOffsets.class, 2);

    cluster.run(
        process,
        () -> {
          Consumer<byte[], byte[]> consumer = cluster.consumer(process, Map.of());
          consumer.assign(partitions("t", 0));
          assertThat(values(consumer.poll(Duration.ofSeconds(5)))).containsExactly("a");
        });
  }
}
