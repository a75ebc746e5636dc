package dev.gretchen.engine.internal.commit;

import dev.gretchen.engine.Guarantee;
import dev.gretchen.engine.internal.observe.Failpoint;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.TaskEpoch;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Makes an epoch visible in one Kafka transaction.
///
/// **Order.** Outputs and changelogs are sent and flushed first; then the offsets, under the
/// group's metadata; then the end. So once a group coordinator has accepted the offsets, all that
/// belongs to them is in the logs, and a successor that reads a changelog's end after its stable
/// offset fetch misses nothing. The transaction is open for these few milliseconds only.
///
/// **At least once.** Outputs go through a second producer, outside, and are flushed before the
/// transaction begins. Changelogs and offsets stay inside: a zombie's changelog record must never
/// land after its successor's.
///
/// **Errors.** Kafka tells three kinds apart, and so do we: the group has moved on (abort, send
/// again later); something passing (abort, send again); anything after which the producer cannot
/// say whether the transaction ended (begin anew).
public final class TransactionalWriter implements EpochWriter {

  private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);
  private static final int COMMIT_ATTEMPTS_MAX = 3;
  private static final int BATCH_BYTES = 128 << 10;

  private final Surroundings surroundings;
  private final EpochRecords records;
  private final Failpoints failpoints;
  private final Meters meters;
  private final Guarantee guarantee;
  private final WriterSettings settings;
  private @Nullable Producer<byte[], byte[]> transactional;
  private @Nullable Producer<byte[], byte[]> plain;

  /// At least once: parts of the epoch under way whose outputs are out already, by identity.
  private final Set<TaskEpoch> sentOutside = Collections.newSetFromMap(new IdentityHashMap<>());

  public TransactionalWriter(
      Surroundings surroundings,
      EpochRecords records,
      Failpoints failpoints,
      Meters meters,
      Guarantee guarantee,
      WriterSettings settings) {
    this.surroundings = surroundings;
    this.records = records;
    this.failpoints = failpoints;
    this.meters = meters;
    this.guarantee = guarantee;
    this.settings = settings;
  }

  @Override
  public void begin() {
    close();
    sentOutside.clear();
    Map<String, Object> configuration = common("commit");
    configuration.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.transactionalId());
    configuration.put(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) settings.transactionTimeout().toMillis());
    Producer<byte[], byte[]> producer = surroundings.kafka().producer(configuration);
    transactional = producer;
    producer.initTransactions();
    if (guarantee == Guarantee.AT_LEAST_ONCE) {
      plain = surroundings.kafka().producer(common("outputs"));
    }
  }

  @Override
  public WriteOutcome write(Epoch epoch, ConsumerGroupMetadata metadata) {
    Producer<byte[], byte[]> producer = transactional;
    if (producer == null) {
      return new WriteOutcome.Unknown("the producer was not begun");
    }
    Sends inside = new Sends(producer);
    try {
      Producer<byte[], byte[]> outputs = plain;
      if (outputs != null) {
        Sends.Failure failure = sendOutside(outputs, epoch, metadata);
        if (failure != null) {
          return outcomeOf(failure);
        }
      }
      producer.beginTransaction();
      failpoints.hit(Failpoint.COMMIT_BEFORE_SENDS);
      if (outputs == null) {
        records.outputs(epoch, metadata.generationId(), inside::send);
      }
      long sent = inside.records();
      records.changelogs(epoch, metadata.generationId(), inside::send);
      producer.flush();
      Sends.Failure failure = inside.failure();
      if (failure != null) {
        return aborted(producer, outcomeOf(failure));
      }
      failpoints.hit(Failpoint.COMMIT_AFTER_SENDS);
      producer.sendOffsetsToTransaction(epoch.offsets(), metadata);
      failpoints.hit(Failpoint.COMMIT_BEFORE_END);
      commit(producer);
      failpoints.hit(Failpoint.COMMIT_AFTER_END);
      sentOutside.clear();
      meters.sent("output", sent);
      meters.sent("changelog", inside.records() - sent);
      return new WriteOutcome.Committed(inside.positions());
    } catch (CommitFailedException
        | FencedInstanceIdException
        | RebalanceInProgressException movedOn) {
      return aborted(producer, new WriteOutcome.Refused(movedOn.toString()));
    } catch (ProducerFencedException | InvalidProducerEpochException | TimeoutException unclear) {
      return new WriteOutcome.Unknown(unclear.toString());
    } catch (KafkaException other) {
      WriteOutcome outcome = aborted(producer, new WriteOutcome.Aborted(other.toString()));
      // a refused record fails the calls that follow it: the abort has waited for its callback
      Sends.Failure failure = inside.failure();
      return outcome instanceof WriteOutcome.Aborted && failure != null && failure.isOfTheRecord()
          ? outcomeOf(failure)
          : outcome;
    }
  }

  /// Sends the outputs that an earlier attempt at this epoch has not sent: one that the group
  /// refused, as nearly every rebalance does, is no reason to repeat an output.
  private Sends.@Nullable Failure sendOutside(
      Producer<byte[], byte[]> outputs, Epoch epoch, ConsumerGroupMetadata metadata) {
    Epoch unsent =
        new Epoch(
            epoch.number(),
            epoch.parts().stream().filter(part -> !sentOutside.contains(part)).toList());
    Sends outside = new Sends(outputs);
    records.outputs(unsent, metadata.generationId(), outside::send);
    outputs.flush();
    Sends.Failure failure = outside.failure();
    if (failure == null) {
      sentOutside.addAll(unsent.parts());
    }
    return failure;
  }

  @Override
  public void close() {
    Producer<byte[], byte[]> first = transactional;
    Producer<byte[], byte[]> second = plain;
    transactional = null;
    plain = null;
    if (first != null) {
      first.close(CLOSE_BOUND);
    }
    if (second != null) {
      second.close(CLOSE_BOUND);
    }
  }

  /// A commit that timed out may be asked for again, and only that.
  private static void commit(Producer<byte[], byte[]> producer) {
    for (int attempt = 1; ; attempt++) {
      try {
        producer.commitTransaction();
        return;
      } catch (TimeoutException late) {
        if (attempt == COMMIT_ATTEMPTS_MAX) {
          throw late;
        }
      }
    }
  }

  private static WriteOutcome aborted(Producer<byte[], byte[]> producer, WriteOutcome outcome) {
    try {
      producer.abortTransaction();
      return outcome;
    } catch (KafkaException | IllegalStateException cannotAbort) {
      return new WriteOutcome.Unknown(outcome + ", and the abort failed: " + cannotAbort);
    }
  }

  private static WriteOutcome outcomeOf(Sends.Failure failure) {
    if (failure.isOfTheRecord()) {
      return new WriteOutcome.Rejected(
          failure.origin().part().task().id().input(),
          failure.origin().sourceOffset(),
          failure.cause().toString());
    }
    if (failure.cause() instanceof ProducerFencedException
        || failure.cause() instanceof InvalidProducerEpochException) {
      return new WriteOutcome.Unknown(failure.cause().toString());
    }
    return new WriteOutcome.Aborted(failure.cause().toString());
  }

  private Map<String, Object> common(String role) {
    Map<String, Object> configuration = new HashMap<>();
    configuration.put(ProducerConfig.CLIENT_ID_CONFIG, settings.clientIdPrefix() + "-" + role);
    configuration.put(ProducerConfig.ACKS_CONFIG, "all");
    configuration.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    configuration.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    configuration.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    configuration.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, settings.requestBytesMax());
    configuration.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.maxBlock().toMillis());
    configuration.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) settings.requestTimeout().toMillis());
    configuration.put(
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) settings.deliveryTimeout().toMillis());
    configuration.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    configuration.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 500);
    return configuration;
  }
}
