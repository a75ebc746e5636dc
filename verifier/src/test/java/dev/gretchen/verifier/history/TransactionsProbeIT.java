package dev.gretchen.verifier.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.verifier.truth.StableSample;
import dev.gretchen.verifier.truth.StableSample.OpenTransaction;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What real brokers say of a transaction that nobody ends.
class TransactionsProbeIT {

  private static final Duration BRIEFLY = Duration.ofMillis(500);

  @TempDir private Path folder;

  @Test
  void namesWhoseTransactionIsOpenAndWhereItBegins() throws Exception {
    RunDirectory run = RunDirectory.create(folder, "app", Instant.EPOCH, 1);
    try (Processes processes = Processes.openTemporary(folder.resolve("scratch"));
        Brokers brokers =
            Brokers.start(
                processes, BrokerSettings.withLogs(folder.resolve("logs")).withCount(1))) {
      Map<String, Object> client = new HashMap<>(brokers.clientProperties());
      try (Admin admin = Admin.create(client)) {
        admin.createTopics(List.of(new NewTopic("out", 2, (short) 1))).all().get();
      }
      try (TransactionsProbe probe =
              new TransactionsProbe(
                  client, List.of("out", "not-there"), run, InstantSource.system());
          KafkaProducer<byte[], byte[]> producer = producer(client)) {
        producer.initTransactions();
        write(producer);
        producer.commitTransaction();
        StableSample before = probe.sample();
        assertThat(before.partitions()).isEqualTo(2);
        assertThat(before.open()).isEmpty();

        write(producer);
        for (StableSample open : List.of(probe.sample(), probe.sampleAtRest(BRIEFLY))) {
          assertThat(open.open()).hasSize(1);
          OpenTransaction transaction = open.open().getFirst();
          assertThat(transaction.topic()).isEqualTo("out");
          assertThat(transaction.partition()).isEqualTo(1);
          // behind a record and the marker of its transaction
          assertThat(transaction.firstOffset()).isEqualTo(2);
          assertThat(transaction.stableEnd()).isEqualTo(2);
          assertThat(transaction.end()).isEqualTo(3);
          assertThat(transaction.producerId()).isNotNegative();
          assertThat(transaction.transactionalId()).isEqualTo("somebody");
          assertThat(transaction.timeoutMillis()).isEqualTo(30_000);
        }

        producer.abortTransaction();
        assertThat(probe.sampleAtRest(Duration.ofSeconds(20)).open()).isEmpty();
      }
    }
    List<StableSample> written = new ArrayList<>();
    JsonLines.read(run.transactions(), StableSample.class).forEachRemaining(written::add);
    assertThat(written).extracting(StableSample::last).containsExactly(false, false, true, true);
  }

  private static void write(KafkaProducer<byte[], byte[]> producer) throws Exception {
    producer.beginTransaction();
    producer.send(new ProducerRecord<>("out", 1, new byte[] {1}, new byte[] {2})).get();
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> client) {
    Map<String, Object> config = new HashMap<>(client);
    config.put("transactional.id", "somebody");
    config.put("transaction.timeout.ms", "30000");
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
