package dev.gretchen.testkit.client;

import static dev.gretchen.testkit.client.SimCluster.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.testkit.kafka.Request;
import dev.gretchen.testkit.sim.SimProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a producer promises when requests and replies are lost.
class SimProducerTest {

  private final SimCluster cluster = new SimCluster(7);
  private final SimProcess process = cluster.process("w1");

  @AfterEach
  void end() {
    cluster.close();
  }

  private static final class Told {
    final List<String> all = new ArrayList<>();

    org.apache.kafka.clients.producer.Callback as(String name) {
      return (metadata, cause) ->
          all.add(
              name
                  + (cause == null
                      ? "@" + metadata.offset()
                      : " " + cause.getClass().getSimpleName()));
    }
  }

  @Test
  void sendsABatchWhoseReplyIsLostAgainUnderItsSequence() throws Exception {
    cluster.topic("t", 1);
    cluster.loseReplies(Request.Produce.class, 2);
    Told told = new Told();

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.producer(process, Map.of());
          producer.send(record("t", 0, "a"), told.as("a"));
          producer.send(record("t", 0, "b"), told.as("b"));
          producer.flush();
          producer.send(record("t", 0, "c"), told.as("c"));
          producer.close();
        });

    assertThat(cluster.committed("t", 0)).containsExactly("a", "b", "c");
    assertThat(told.all).containsExactly("a@0", "b@1", "c@2");
    assertThat(cluster.requests(Request.Produce.class))
        .extracting(Request.Produce::baseSequence)
        .containsExactly(0, 0, 0, 2);
  }

  @Test
  void aFutureWaitsInVirtualTime() throws Exception {
    cluster.topic("t", 3);
    cluster.refuse(Request.Produce.class, Errors.NOT_LEADER_OR_FOLLOWER, 3);

    long offset =
        cluster.in(
            process,
            () -> cluster.producer(process, Map.of()).send(record("t", 2, "a")).get().offset());

    assertThat(offset).isZero();
    assertThat(cluster.committed("t", 2)).containsExactly("a");
  }

  @Test
  void aKeyGoesWhereTheDefaultPartitionerSendsIt() throws Exception {
    cluster.topic("t", 8);
    byte[] key = SimCluster.bytes("some key");

    int partition =
        cluster.in(
            process,
            () ->
                cluster
                    .producer(process, Map.of())
                    .send(new ProducerRecord<>("t", key, key))
                    .get()
                    .partition());

    assertThat(partition).isEqualTo(Utils.toPositive(Utils.murmur2(key)) % 8);
  }

  @Test
  void aTopicThatDoesNotShowUpFailsTheSend() throws Exception {
    Told told = new Told();

    assertThatThrownBy(() ->
            cluster.run(
                process,
                () ->
                    cluster
                        .producer(process, Map.of())
                        .send(record("missing", 0, "a"), told.as("a"))
                        .get()))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(told.all).containsExactly("a TimeoutException");
  }

  @Test
  void anIdempotentProducerGoesOnUnderItsNextEpochAfterABatchOfUnknownFate() throws Exception {
    cluster.topic("t", 1);
    Told told = new Told();

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.producer(process, Map.of());
          producer.send(record("t", 0, "a"), told.as("a"));
          producer.flush();
          cluster.cutOff(Request.Produce.class, Duration.ofSeconds(6));
          producer.send(record("t", 0, "b"), told.as("b"));
          producer.flush();
          cluster.scheduler.sleep(Duration.ofSeconds(4).toNanos());
          producer.send(record("t", 0, "c"), told.as("c"));
          producer.flush();
        });

    assertThat(told.all).containsExactly("a@0", "b TimeoutException", "c@1");
    Request.Produce last = cluster.requests(Request.Produce.class).getLast();
    assertThat(last.epoch()).isEqualTo((short) 1);
    assertThat(last.baseSequence()).isZero();
  }

  @Test
  void commitsUnderTheEpochThatTheEndOfTheTransactionBeforeHasBrought() throws Exception {
    cluster.topic("t", 2);

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.transactional(process, "id");
          producer.initTransactions();
          for (int i = 0; i < 3; i++) {
            producer.beginTransaction();
            producer.send(record("t", i % 2, "v" + i));
            producer.commitTransaction();
          }
        });
    cluster.pass(Duration.ofSeconds(1));

    assertThat(cluster.committed("t", 0)).containsExactly("v0", "v2");
    assertThat(cluster.committed("t", 1)).containsExactly("v1");
    assertThat(cluster.requests(Request.EndTxn.class))
        .extracting(Request.EndTxn::epoch)
        .containsExactly((short) 0, (short) 1, (short) 2);
  }

  @Test
  void asksAgainForAnEndWhoseReplyIsLostUnderTheSameEpoch() throws Exception {
    cluster.topic("t", 1);
    cluster.loseReplies(Request.EndTxn.class, 3);

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.transactional(process, "id");
          producer.initTransactions();
          producer.beginTransaction();
          producer.send(record("t", 0, "a"));
          producer.commitTransaction();
          producer.beginTransaction();
          producer.send(record("t", 0, "b"));
          producer.commitTransaction();
        });
    cluster.pass(Duration.ofSeconds(1));

    assertThat(cluster.committed("t", 0)).containsExactly("a", "b");
    assertThat(cluster.requests(Request.EndTxn.class))
        .extracting(Request.EndTxn::epoch)
        .startsWith((short) 0, (short) 0, (short) 0, (short) 0)
        .endsWith((short) 1);
  }

  @Test
  void aCommitThatTimesOutMayBeRepeatedAndNothingElse() throws Exception {
    cluster.topic("t", 1);

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.transactional(process, "id");
          producer.initTransactions();
          producer.beginTransaction();
          producer.send(record("t", 0, "a"));
          producer.flush();
          cluster.cutOff(Request.EndTxn.class, Duration.ofSeconds(3));
          assertThatThrownBy(producer::commitTransaction).isInstanceOf(TimeoutException.class);
          assertThatThrownBy(producer::abortTransaction)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("timed out and must be retried");
          producer.commitTransaction();
          producer.beginTransaction();
        });
    cluster.pass(Duration.ofSeconds(1));

    assertThat(cluster.committed("t", 0)).containsExactly("a");
  }

  @Test
  void anInitialisationIsAskedForAgainUntilItsTimeIsOver() throws Exception {
    cluster.run(
        process,
        () -> {
          cluster.cutOff(Request.InitProducerId.class, Duration.ofSeconds(3));
          Producer<byte[], byte[]> producer = cluster.transactional(process, "id");
          assertThatThrownBy(producer::initTransactions).isInstanceOf(TimeoutException.class);
          producer.initTransactions();
          producer.beginTransaction();
          producer.commitTransaction();
        });

    assertThat(cluster.requests(Request.EndTxn.class))
        .as("nothing was written, nothing is to be ended")
        .isEmpty();
  }

  @Test
  void aBatchOfUnknownFateMakesTheTransactionOneThatCanOnlyBeAborted() throws Exception {
    cluster.topic("t", 1);
    Told told = new Told();

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.transactional(process, "id");
          producer.initTransactions();
          producer.beginTransaction();
          cluster.cutOff(Request.Produce.class, Duration.ofSeconds(5));
          producer.send(record("t", 0, "a"), told.as("a"));
          producer.flush();
          assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
          producer.abortTransaction();
          cluster.scheduler.sleep(Duration.ofSeconds(2).toNanos());
          producer.beginTransaction();
          producer.send(record("t", 0, "b"), told.as("b"));
          producer.commitTransaction();
        });
    cluster.pass(Duration.ofSeconds(1));

    assertThat(told.all.getFirst()).isEqualTo("a TimeoutException");
    assertThat(cluster.committed("t", 0)).containsExactly("b");
  }

  @Test
  void anAbortDropsWhatWasNotSentAndSaysSo() throws Exception {
    cluster.topic("t", 1);
    Told told = new Told();

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer =
              cluster.producer(
                  process,
                  Map.of(
                      ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                      "id",
                      ProducerConfig.LINGER_MS_CONFIG,
                      1_000));
          producer.initTransactions();
          producer.beginTransaction();
          var future = producer.send(record("t", 0, "a"), told.as("a"));
          producer.abortTransaction();
          assertThatThrownBy(future::get).hasCauseInstanceOf(TransactionAbortedException.class);
        });

    assertThat(told.all).containsExactly("a TransactionAbortedException");
    assertThat(cluster.kafka.all(new TopicPartition("t", 0))).isEmpty();
  }

  @Test
  void aRecordThatIsTooLargeFailsTheTransactionAndNotTheProducer() throws Exception {
    cluster.topic("t", 1);
    Told told = new Told();

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.transactional(process, "id");
          producer.initTransactions();
          producer.beginTransaction();
          producer.send(record("t", 0, "small"), told.as("small"));
          producer.send(new ProducerRecord<>("t", 0, null, new byte[2_000_000]), told.as("large"));
          assertThatThrownBy(producer::commitTransaction)
              .isInstanceOf(KafkaException.class)
              .hasCauseInstanceOf(RecordTooLargeException.class);
          producer.abortTransaction();
          producer.beginTransaction();
          producer.send(record("t", 0, "after"));
          producer.commitTransaction();
        });
    cluster.pass(Duration.ofSeconds(1));

    // the other's fate hangs on who is faster, its sender or the abort
    assertThat(told.all).hasSize(2).first().isEqualTo("large RecordTooLargeException");
    assertThat(cluster.committed("t", 0)).containsExactly("after");
  }

  @Test
  void onlyTheRecordThatIsInvalidIsToldSo() throws Exception {
    cluster.kafka.create("compacted", 1, Map.of("cleanup.policy", "compact"));
    Told told = new Told();

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.producer(process, Map.of());
          producer.send(record("compacted", 0, "a"), told.as("a"));
          producer.send(
              new ProducerRecord<>("compacted", 0, null, SimCluster.bytes("b")), told.as("b"));
          producer.flush();
          producer.send(record("compacted", 0, "c"), told.as("c"));
          producer.flush();
        });

    assertThat(told.all).containsExactly("a KafkaException", "b InvalidRecordException", "c@0");
  }

  @Test
  void aBatchThatIsTooLargeIsSplit() throws Exception {
    cluster.kafka.create("small", 1, Map.of("max.message.bytes", "400"));
    Told told = new Told();

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.producer(process, Map.of());
          for (int i = 0; i < 9; i++) {
            producer.send(record("small", 0, "v" + i), told.as("v" + i));
          }
          producer.flush();
        });

    assertThat(cluster.committed("small", 0))
        .containsExactly("v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8");
    assertThat(told.all).hasSize(9).last().isEqualTo("v8@8");
  }

  @Test
  void whoeverBeginsUnderTheSameIdFencesTheOneBefore() throws Exception {
    cluster.topic("t", 1);
    SimProcess other = cluster.process("w2");
    List<Producer<byte[], byte[]>> zombies = new ArrayList<>();

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> zombie = cluster.transactional(process, "id");
          zombie.initTransactions();
          zombie.beginTransaction();
          zombie.send(record("t", 0, "zombie"));
          zombie.flush();
          zombies.add(zombie);
        });
    cluster.run(
        other,
        () -> {
          Producer<byte[], byte[]> successor = cluster.transactional(other, "id");
          successor.initTransactions();
          successor.beginTransaction();
          successor.send(record("t", 0, "successor"));
          successor.commitTransaction();
        });
    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> zombie = zombies.getFirst();
          assertThatThrownBy(zombie::commitTransaction).isInstanceOf(ProducerFencedException.class);
          assertThatThrownBy(zombie::beginTransaction).isInstanceOf(ProducerFencedException.class);
          assertThatThrownBy(zombie::abortTransaction).isInstanceOf(ProducerFencedException.class);
          zombie.close();
        });
    cluster.pass(Duration.ofSeconds(1));

    assertThat(cluster.committed("t", 0)).containsExactly("successor");
  }

  @Test
  @SuppressWarnings("removal") // the clients themselves have no other way to make one
  void offsetsUnderStaleMetadataAreRefusedAndTheTransactionCanBeAborted() throws Exception {
    cluster.topic("t", 1);
    ConsumerGroupMetadata stale = new ConsumerGroupMetadata("group", 5, "nobody", Optional.empty());

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.transactional(process, "id");
          producer.initTransactions();
          producer.beginTransaction();
          producer.sendOffsetsToTransaction(Map.of(), stale);
          assertThatThrownBy(() ->
                  producer.sendOffsetsToTransaction(
                      Map.of(new TopicPartition("t", 0), new OffsetAndMetadata(3)), stale))
              .isInstanceOf(CommitFailedException.class);
          producer.abortTransaction();
          producer.beginTransaction();
        });
  }

  @Test
  void closingEndsAnOpenTransaction() throws Exception {
    cluster.topic("t", 1);

    cluster.run(
        process,
        () -> {
          Producer<byte[], byte[]> producer = cluster.transactional(process, "id");
          producer.initTransactions();
          producer.beginTransaction();
          producer.send(record("t", 0, "a"));
          producer.flush();
          producer.close(Duration.ofSeconds(2));
          assertThatThrownBy(producer::beginTransaction).isInstanceOf(IllegalStateException.class);
        });
    cluster.pass(Duration.ofSeconds(1));

    assertThat(cluster.kafka.isQuiet()).isTrue();
    assertThat(cluster.committed("t", 0)).isEmpty();
  }

  @Test
  void closingDoesNotWaitBeyondItsBound() throws Exception {
    cluster.topic("t", 1);
    Told told = new Told();

    long took =
        cluster.in(
            process,
            () -> {
              Producer<byte[], byte[]> producer = cluster.producer(process, Map.of());
              producer.partitionsFor("t");
              cluster.cutOff(Request.Produce.class, Duration.ofMinutes(1));
              producer.send(record("t", 0, "a"), told.as("a"));
              long start = cluster.scheduler.now();
              producer.close(Duration.ofSeconds(1));
              return cluster.scheduler.now() - start;
            });

    assertThat(Duration.ofNanos(took)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_100));
    assertThat(told.all).containsExactly("a KafkaException");
  }
}
