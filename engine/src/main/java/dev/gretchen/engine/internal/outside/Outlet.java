package dev.gretchen.engine.internal.outside;

import dev.gretchen.engine.Appended;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.internal.surroundings.KafkaClients;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// The producer by which a worker writes outside handlers: idempotent, acknowledged by all replicas
/// in sync, and in no transaction.
///
/// Any thread. An append does not wait, but where the brokers have not told yet how a topic is laid
/// out, which [#warm] asks for, or where the producer's memory is full, which [#UNDER_WAY_MAX]
/// records of usual size do not fill.
public final class Outlet implements AutoCloseable {

  public static final int UNDER_WAY_MAX = 20_000;

  /// What has not been acknowledged until then is given up.
  private static final Duration BOUND = Duration.ofSeconds(15);

  private static final Duration REQUEST_BOUND = Duration.ofSeconds(5);
  private static final Duration BLOCK_BOUND = Duration.ofSeconds(2);

  /// A topic that nobody wrote to for long is known all the same.
  private static final Duration TOPIC_KNOWN_FOR = Duration.ofDays(1);

  private static final Duration CLOSE_BOUND = Duration.ofSeconds(3);

  private final KafkaClients kafka;
  private final String clientId;
  private final Semaphore room = new Semaphore(UNDER_WAY_MAX);
  private @Nullable Producer<byte[], byte[]> made;
  private boolean closed;

  public Outlet(KafkaClients kafka, String clientIdPrefix) {
    this.kafka = kafka;
    this.clientId = clientIdPrefix + "-outlet";
  }

  /// Learns how a topic is laid out, so that the first append need not wait for it. Where the
  /// brokers do not tell within a bound, that append asks again.
  public void warm(String topic) {
    Producer<byte[], byte[]> producer = producer();
    if (producer != null) {
      try {
        producer.partitionsFor(topic);
      } catch (KafkaException notNow) {
        // said by the append that meets it
      }
    }
  }

  /// Appends a record.
  ///
  /// @param told once, on the calling thread or the producer's
  public void append(String topic, byte[] key, byte[] value, long id, Consumer<Appended> told) {
    Producer<byte[], byte[]> producer = producer();
    if (producer == null) {
      told.accept(new Appended.Rejected("this worker stops"));
      return;
    }
    if (!room.tryAcquire()) {
      told.accept(
          new Appended.Rejected(UNDER_WAY_MAX + " records of this worker are under way already"));
      return;
    }
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, null, key, value, headers(id));
    try {
      producer.send(
          record,
          (metadata, failure) -> {
            room.release();
            told.accept(
                failure == null
                    ? new Appended.Acknowledged(metadata.partition(), metadata.offset())
                    : failed(failure));
          });
    } catch (InterruptException interrupted) {
      room.release();
      told.accept(new Appended.Indeterminate("interrupted"));
    } catch (KafkaException | IllegalStateException refused) {
      room.release();
      told.accept(new Appended.Rejected(String.valueOf(refused.getMessage())));
    }
  }

  private static RecordHeaders headers(long id) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(Event.ID_HEADER, ByteBuffer.allocate(Long.BYTES).putLong(id).array());
    return headers;
  }

  /// An attempt may have arrived whose answer did not, whatever the last one failed with: refused
  /// is only what no broker takes at any time.
  private static Appended failed(Exception failure) {
    String why = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    return failure instanceof RecordTooLargeException || failure instanceof InvalidTopicException
        ? new Appended.Rejected(why)
        : new Appended.Indeterminate(why);
  }

  private synchronized @Nullable Producer<byte[], byte[]> producer() {
    if (made == null && !closed) {
      made =
          kafka.producer(
              Map.of(
                  ProducerConfig.CLIENT_ID_CONFIG,
                  clientId,
                  ProducerConfig.ACKS_CONFIG,
                  "all",
                  ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                  true,
                  ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                  (int) BOUND.toMillis(),
                  ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                  (int) REQUEST_BOUND.toMillis(),
                  ProducerConfig.MAX_BLOCK_MS_CONFIG,
                  BLOCK_BOUND.toMillis(),
                  ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                  TOPIC_KNOWN_FOR.toMillis()));
    }
    return closed ? null : made;
  }

  /// Waits a moment for what is under way.
  @Override
  public void close() {
    Producer<byte[], byte[]> last;
    synchronized (this) {
      closed = true;
      last = made;
    }
    if (last != null) {
      last.close(CLOSE_BOUND);
    }
  }
}
