package dev.gretchen.mutants;

import dev.gretchen.engine.internal.commit.Epoch;
import dev.gretchen.engine.internal.commit.EpochRecords;
import dev.gretchen.engine.internal.commit.EpochWriter;
import dev.gretchen.engine.internal.commit.WriteOutcome;
import dev.gretchen.engine.internal.commit.WriterSettings;
import dev.gretchen.engine.internal.observe.Failpoint;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The bug: two transactions where one is needed, and the offsets first.
final class OffsetsFirstWriter implements EpochWriter {

  private final Surroundings surroundings;
  private final EpochRecords records;
  private final Failpoints failpoints;
  private final WriterSettings settings;
  private @Nullable Producer<byte[], byte[]> producer;

  OffsetsFirstWriter(
      Surroundings surroundings,
      EpochRecords records,
      Failpoints failpoints,
      WriterSettings settings) {
    this.surroundings = surroundings;
    this.records = records;
    this.failpoints = failpoints;
    this.settings = settings;
  }

  @Override
  public void begin() {
    close();
    Producer<byte[], byte[]> begun =
        surroundings
            .kafka()
            .producer(
                Map.of(
                    ProducerConfig.CLIENT_ID_CONFIG, settings.clientIdPrefix() + "-commit",
                    ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.transactionalId(),
                    ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.maxBlock().toMillis()));
    producer = begun;
    begun.initTransactions();
  }

  @Override
  public WriteOutcome write(Epoch epoch, ConsumerGroupMetadata metadata) {
    Producer<byte[], byte[]> begun = producer;
    if (begun == null) {
      return new WriteOutcome.Unknown("the producer was not begun");
    }
    try {
      begun.beginTransaction();
      begun.sendOffsetsToTransaction(epoch.offsets(), metadata);
      begun.commitTransaction();

      begun.beginTransaction();
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      records.outputs(epoch, metadata.generationId(), (record, _) -> sent.add(begun.send(record)));
      records.changelogs(
          epoch, metadata.generationId(), (record, _) -> sent.add(begun.send(record)));
      begun.flush();
      failpoints.hit(Failpoint.COMMIT_AFTER_SENDS);
      begun.commitTransaction();
      return new WriteOutcome.Committed(positions(sent));
    } catch (CommitFailedException refused) {
      begun.abortTransaction();
      return new WriteOutcome.Refused(refused.toString());
    } catch (KafkaException | ExecutionException unclear) {
      return new WriteOutcome.Unknown(unclear.toString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new WriteOutcome.Unknown(interrupted.toString());
    }
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close();
      producer = null;
    }
  }

  private static Map<TopicPartition, Long> positions(List<Future<RecordMetadata>> sent)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> positions = new HashMap<>();
    for (Future<RecordMetadata> future : sent) {
      RecordMetadata at = future.get();
      positions.merge(new TopicPartition(at.topic(), at.partition()), at.offset() + 1, Math::max);
    }
    return positions;
  }
}
