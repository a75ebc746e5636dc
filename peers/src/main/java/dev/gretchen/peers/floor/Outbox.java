package dev.gretchen.peers.floor;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Where records go, and how they and the input's offsets become final.
sealed interface Outbox extends AutoCloseable {

  /// Sends within the commit that is under way.
  void send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback);

  /// Ends the commit under way with the input's offsets.
  ///
  /// @throws KafkaException where it did not succeed or nobody knows
  void commit(Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<?, ?> consumer);

  @Override
  void close();

  /// All in one transaction, fenced by the group's metadata.
  static Outbox exactlyOnce(Map<String, String> connection, String transactionalId) {
    Map<String, Object> settings = settings(connection);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
    KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings);
    try {
      producer.initTransactions();
    } catch (KafkaException failure) {
      producer.close(Duration.ZERO);
      throw failure;
    }
    return new Transactional(producer);
  }

  /// Records first, offsets afterwards.
  static Outbox atLeastOnce(Map<String, String> connection) {
    return new Plain(new KafkaProducer<>(settings(connection)));
  }

  private static Map<String, Object> settings(Map<String, String> connection) {
    Map<String, Object> settings = new HashMap<>(connection);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    return settings;
  }

  /// The transaction begins with its first record.
  final class Transactional implements Outbox {

    private final KafkaProducer<byte[], byte[]> producer;
    private boolean begun;

    Transactional(KafkaProducer<byte[], byte[]> producer) {
      this.producer = producer;
    }

    @Override
    public void send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
      begin();
      producer.send(record, callback);
    }

    @Override
    public void commit(Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<?, ?> consumer) {
      begin();
      producer.flush();
      producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
      producer.commitTransaction();
      begun = false;
    }

    private void begin() {
      if (!begun) {
        producer.beginTransaction();
        begun = true;
      }
    }

    @Override
    public void close() {
      // an open transaction is aborted by the next one with this id, in milliseconds
      producer.close(Duration.ZERO);
    }
  }

  /// A crash between records and offsets repeats the records.
  final class Plain implements Outbox {

    private final KafkaProducer<byte[], byte[]> producer;
    private volatile @Nullable Exception failure;

    Plain(KafkaProducer<byte[], byte[]> producer) {
      this.producer = producer;
    }

    @Override
    public void send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
      producer.send(
          record,
          (metadata, cause) -> {
            if (cause != null) {
              failure = cause;
            }
            if (callback != null) {
              callback.onCompletion(metadata, cause);
            }
          });
    }

    @Override
    public void commit(Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<?, ?> consumer) {
      producer.flush();
      Exception cause = failure;
      if (cause != null) {
        throw new KafkaException("a record could not be sent", cause);
      }
      consumer.commitSync(offsets);
    }

    @Override
    public void close() {
      producer.close(Duration.ZERO);
    }
  }
}
