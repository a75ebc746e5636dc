package dev.gretchen.testkit.client;

import static dev.gretchen.testkit.client.SimCluster.record;
import static dev.gretchen.testkit.client.SimCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.testkit.kafka.Fate;
import dev.gretchen.testkit.kafka.Request;
import dev.gretchen.testkit.sim.SimProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// All clients together: workers that copy a topic, each input in the transaction of its output,
/// while the network loses one request in ten and processes are paused, killed and replaced.
class SimClientsTest {

  private static final int PARTITIONS = 4;
  private static final int RECORDS = 400;

  /// A worker as one would write it by hand on the clients.
  private static final class Copier {
    private final SimCluster cluster;
    private final SimProcess process;
    private final String name;

    Copier(SimCluster cluster, String name) {
      this.cluster = cluster;
      this.name = name;
      this.process = cluster.process(name);
      cluster.scheduler.start(process, "copy", this::run, _ -> {});
    }

    private void run() {
      Consumer<byte[], byte[]> consumer =
          cluster.member(
              process,
              Map.of(
                  ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                  name,
                  ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                  20));
      Producer<byte[], byte[]> producer = begin(null);
      consumer.subscribe(List.of("t"));
      while (true) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(50));
        if (records.nextOffsets().isEmpty()) {
          continue;
        }
        try {
          producer.beginTransaction();
          for (ConsumerRecord<byte[], byte[]> input : records) {
            producer.send(record("copy", input.partition(), text(input.value())));
          }
          producer.sendOffsetsToTransaction(records.nextOffsets(), consumer.groupMetadata());
          commit(producer);
        } catch (KafkaException | IllegalStateException failure) {
          producer = isFatal(failure) || !aborts(producer) ? begin(producer) : producer;
          goBack(consumer);
        }
      }
    }

    private static void commit(Producer<byte[], byte[]> producer) {
      while (true) {
        try {
          producer.commitTransaction();
          return;
        } catch (TimeoutException _) {
          // may be repeated, and nothing else
        }
      }
    }

    private static boolean isFatal(Exception failure) {
      return failure instanceof ProducerFencedException || failure instanceof TimeoutException;
    }

    private static boolean aborts(Producer<byte[], byte[]> producer) {
      try {
        producer.abortTransaction();
        return true;
      } catch (KafkaException | IllegalStateException _) {
        return false;
      }
    }

    private Producer<byte[], byte[]> begin(@Nullable Producer<byte[], byte[]> before) {
      if (before != null) {
        before.close(Duration.ofSeconds(1));
      }
      while (true) {
        Producer<byte[], byte[]> producer = cluster.transactional(process, name);
        try {
          producer.initTransactions();
          return producer;
        } catch (KafkaException _) {
          producer.close(Duration.ZERO);
        }
      }
    }

    private static void goBack(Consumer<byte[], byte[]> consumer) {
      while (true) {
        try {
          consumer
              .committed(consumer.assignment())
              .forEach((partition, offset) ->
                  consumer.seek(partition, offset == null ? 0 : offset.offset()));
          return;
        } catch (TimeoutException | CommitFailedException _) {
          // asked again
        }
      }
    }
  }

  private static String copy(long seed, boolean look) {
    try (SimCluster cluster = new SimCluster(seed)) {
      cluster.topic("t", PARTITIONS);
      cluster.topic("copy", PARTITIONS);
      List<String> expected = new ArrayList<>();
      SimProcess load = cluster.process("load");
      cluster.start(
          load,
          () -> {
            Producer<byte[], byte[]> producer = cluster.producer(load, Map.of());
            for (int i = 0; i < RECORDS; i++) {
              producer.send(record("t", i % PARTITIONS, "v" + i));
              cluster.scheduler.sleep(20_000_000);
            }
            producer.close();
          });
      for (int i = 0; i < RECORDS; i++) {
        expected.add("v" + i);
      }
      RandomGenerator random = cluster.scheduler.random();
      boolean[] stormy = {true};
      cluster.disturb(request -> {
        if (!stormy[0] || random.nextInt(10) > 0 || request instanceof Request.CreateTopic) {
          return null;
        }
        return random.nextBoolean()
            ? new Fate.RequestLost(1 + random.nextLong(50_000_000))
            : new Fate.ReplyLost(1 + random.nextLong(5_000_000), 1 + random.nextLong(50_000_000));
      });
      Copier a = new Copier(cluster, "a");
      Copier b = new Copier(cluster, "b");
      cluster.pass(Duration.ofSeconds(3));
      cluster.scheduler.suspend(a.process);
      cluster.pass(Duration.ofSeconds(8));
      cluster.scheduler.resume(a.process);
      cluster.pass(Duration.ofSeconds(2));
      cluster.scheduler.kill(b.process);
      new Copier(cluster, "b");
      new Copier(cluster, "c");
      cluster.pass(Duration.ofSeconds(10));
      stormy[0] = false;
      cluster.pass(Duration.ofSeconds(40));
      if (look) {
        List<String> copied = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
          copied.addAll(cluster.committed("copy", partition));
        }
        List<String> written = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
          written.addAll(cluster.committed("t", partition));
        }
        assertThat(written)
            .as("seed %d, written", seed)
            .hasSameElementsAs(expected)
            .hasSize(RECORDS);
        assertThat(copied).as("seed %d", seed).isEqualTo(written);
      }
      return cluster.scheduler.trace().hash();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void copiesEachRecordExactlyOnceAndInOrder(long seed) {
    copy(seed, true);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 9})
  void aSeedGivesOneHistory(long seed) {
    String once = copy(seed, false);
    assertThat(copy(seed, false)).isEqualTo(once);
    assertThat(copy(seed + 100, false)).isNotEqualTo(once);
  }
}
