package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// A producer in virtual time, with the promises and the exceptions of `KafkaProducer`.
///
/// **What differs.** One batch of a partition is under way at a time, where the real one allows
/// five; memory has no bound; records are not compressed. None of it lets an application do what it
/// could not do on a real one.
///
/// Calls that wait (all that end or begin a transaction, `flush`, `close`, and a `send` to a topic
/// that is not known yet) belong in fibers. Callbacks run in the background and must not wait.
final class SimProducer implements Producer<byte[], byte[]> {

  private static final int BATCH_BYTES = 16_384;
  private static final int REQUEST_BYTES_MAX = 1 << 20;

  private final Connection connection;
  private final Duration maxBlock;
  private final int requestBytesMax;
  private final int batchBytes;
  private final TopicCache topics;
  private final Accumulator accumulator;
  private final @Nullable TransactionState transactions;
  private final Sender sender;
  private final Map<String, Sticky> sticky = new TreeMap<>();
  private boolean closed;

  /// Where records without a key go for the time being.
  private static final class Sticky {
    int partition;
    int bytes;
  }

  SimProducer(Connection connection, ClientConfig config) {
    this.connection = connection;
    this.maxBlock = config.millis(ProducerConfig.MAX_BLOCK_MS_CONFIG, 60_000);
    this.requestBytesMax = config.number(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
    this.batchBytes = Math.max(1, config.number(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES));
    Duration request = config.millis(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 30_000);
    Backoff backoff = Backoff.of(config, connection.scheduler().random());
    this.topics = new TopicCache(connection, request, backoff);
    this.accumulator = new Accumulator(batchBytes);
    String transactionalId = config.text(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    boolean isIdempotent =
        transactionalId != null || config.flag(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    this.transactions =
        isIdempotent
            ? new TransactionState(
                connection,
                transactionalId,
                config.millis(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 60_000))
            : null;
    this.sender =
        new Sender(
            connection,
            accumulator,
            transactions,
            topics,
            backoff,
            new Sender.ProducerTimes(
                request,
                config.millis(ProducerConfig.LINGER_MS_CONFIG, 5),
                config.millis(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000)));
    sender.wake();
  }

  // transactions

  @Override
  public void initTransactions() {
    await(transactions().initialize());
  }

  @Override
  public void beginTransaction() {
    transactions().begin();
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
    requireValid(groupMetadata);
    TransactionCalls calls = transactions();
    if (!offsets.isEmpty()) {
      await(calls.offsets(offsets, groupMetadata));
    }
  }

  private static void requireValid(ConsumerGroupMetadata group) {
    if (group == null) {
      throw new IllegalArgumentException("Consumer group metadata could not be null");
    }
    if (group.generationId() > 0 && group.memberId().isEmpty()) {
      throw new IllegalArgumentException(
          "Passed in group metadata " + group + " has generationId > 0 but member.id ");
    }
  }

  @Override
  public void commitTransaction() {
    await(transactions().commit());
  }

  @Override
  public void abortTransaction() {
    await(transactions().abort());
  }

  private TransactionCalls transactions() {
    TransactionState state = transactions;
    if (state == null) {
      throw new IllegalStateException(
          "Cannot use transactional methods without enabling transactions by setting the transactional.id configuration property");
    }
    requireOpen();
    return state.calls();
  }

  private void await(TransactionRequest.Result result) {
    sender.wake();
    connection.await(result::isCompleted, maxBlock);
    result.take(maxBlock.toMillis());
  }

  // records

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    return send(record, null);
  }

  @Override
  public Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    connection.scheduler().requireAlive();
    TopicPartition target =
        new TopicPartition(
            record.topic(),
            Objects.requireNonNullElse(record.partition(), RecordMetadata.UNKNOWN_PARTITION));
    try {
      requireOpen();
      int count = topics.await(record.topic(), record.partition(), maxBlock);
      Message message = message(record);
      target = new TopicPartition(record.topic(), partition(record, message, count));
      SendFuture future = new SendFuture(connection);
      boolean isDue =
          accumulator.append(target, new Batch.Entry(message, callback, future), connection.now());
      if (transactions != null) {
        transactions.calls().addPartition(target);
      }
      if (isDue) {
        sender.wake();
      }
      return future;
    } catch (ApiException refused) {
      if (callback != null) {
        callback.onCompletion(Batch.unknown(target), refused);
      }
      if (transactions != null) {
        transactions.sendErrors().failed(refused);
        sender.wake();
      }
      return SendFuture.failed(connection, refused);
    }
  }

  private Message message(ProducerRecord<byte[], byte[]> record) {
    Headers headers = record.headers();
    if (headers instanceof RecordHeaders ours) {
      ours.setReadOnly();
    }
    Header[] all = headers.toArray();
    int size =
        AbstractRecords.estimateSizeInBytesUpperBound(
            RecordBatch.CURRENT_MAGIC_VALUE,
            Compression.NONE.type(),
            record.key(),
            record.value(),
            all);
    if (size > requestBytesMax) {
      throw new RecordTooLargeException(
          "The message is %d bytes when serialized which is larger than %d, which is the value of the %s configuration."
              .formatted(size, requestBytesMax, ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
    }
    List<Message.HeaderField> fields = new ArrayList<>();
    for (Header header : all) {
      fields.add(new Message.HeaderField(header.key(), copy(header.value())));
    }
    Long timestamp = record.timestamp();
    return new Message(
        timestamp == null ? connection.wallMillis() : timestamp,
        copy(record.key()),
        copy(record.value()),
        List.copyOf(fields));
  }

  private static byte @Nullable [] copy(byte @Nullable [] bytes) {
    return bytes == null ? null : bytes.clone();
  }

  private int partition(ProducerRecord<byte[], byte[]> record, Message message, int count) {
    Integer given = record.partition();
    if (given != null) {
      return given;
    }
    byte[] key = message.key();
    if (key != null) {
      return Utils.toPositive(Utils.murmur2(key)) % count;
    }
    Sticky now = sticky.get(record.topic());
    if (now == null || now.bytes >= batchBytes || now.partition >= count) {
      now = new Sticky();
      now.partition = connection.scheduler().random().nextInt(count);
      sticky.put(record.topic(), now);
    }
    now.bytes += message.size();
    return now.partition;
  }

  @Override
  public void flush() {
    long upTo = accumulator.beginFlush();
    sender.wake();
    try {
      connection.await(() -> accumulator.isFlushed(upTo));
    } finally {
      accumulator.endFlush();
    }
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return TopicCache.infos(topic, topics.await(topic, null, maxBlock));
  }

  // the end

  @Override
  public void close() {
    close(Duration.ofDays(1));
  }

  @Override
  public void close(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("The timeout cannot be negative.");
    }
    closed = true;
    sender.close(timeout);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("Cannot perform operation after producer has been closed");
    }
  }

  // what the simulation does without

  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    return Map.of();
  }

  @Override
  public void registerMetricForSubscription(KafkaMetric metric) {
    throw new UnsupportedOperationException("a simulated producer has no metrics");
  }

  @Override
  public void unregisterMetricFromSubscription(KafkaMetric metric) {
    throw new UnsupportedOperationException("a simulated producer has no metrics");
  }

  @Override
  public Uuid clientInstanceId(Duration timeout) {
    throw new UnsupportedOperationException("a simulated producer has no telemetry");
  }
}
