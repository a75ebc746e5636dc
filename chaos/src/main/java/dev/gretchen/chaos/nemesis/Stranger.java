package dev.gretchen.chaos.nemesis;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// A producer that has no business with the topics that it writes to.
final class Stranger {
  /// How its transactional id begins, by which it is told from those of workers.
  static final String NAME = "gretchen-stranger";

  /// Longer than any transaction is left open.
  private static final String OPEN_MAX_MILLIS = "60000";

  private static final String BOUND_MILLIS = "15000";
  private static final byte[] TEXT =
      "somebody else's record, which is no event".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NO_UTF_8 = {(byte) 0xff, (byte) 0xfe, 0, (byte) 0xc3, 0x28};

  /// Nearly as large as brokers take by default, so that a batch holds nothing else.
  private static final int LARGE_BYTES = 1_000_000;

  private static final int HEADERS = 100;
  private static final byte[] NO_ID = {1, 2, 3};

  private final Map<String, Object> properties;

  Stranger(Map<String, Object> properties) {
    this.properties = properties;
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, String> more) {
    Map<String, Object> own = new HashMap<>(properties);
    own.put("max.block.ms", BOUND_MILLIS);
    own.put("delivery.timeout.ms", BOUND_MILLIS);
    own.put("request.timeout.ms", "5000");
    own.putAll(more);
    return new KafkaProducer<>(own, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private KafkaProducer<byte[], byte[]> transactional() {
    KafkaProducer<byte[], byte[]> producer =
        producer(Map.of("transactional.id", NAME, "transaction.timeout.ms", OPEN_MAX_MILLIS));
    try {
      producer.initTransactions();
      return producer;
    } catch (KafkaException e) {
      producer.close();
      throw e;
    }
  }

  int writeAndAbort(Collection<TopicPartition> partitions, int transactions) {
    int written = 0;
    try (KafkaProducer<byte[], byte[]> producer = transactional()) {
      for (int i = 0; i < transactions; i++) {
        producer.beginTransaction();
        written += write(producer, partitions);
        producer.abortTransaction();
      }
    }
    return written;
  }

  Operator.Hanging hang(Collection<TopicPartition> partitions) {
    KafkaProducer<byte[], byte[]> producer = transactional();
    try {
      producer.beginTransaction();
      write(producer, partitions);
    } catch (KafkaException e) {
      producer.close();
      throw e;
    }
    return () -> {
      // also when the nemesis was told to stop: until then nobody reads on
      boolean interrupted = Thread.interrupted();
      try (producer) {
        producer.abortTransaction();
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  private static int write(
      KafkaProducer<byte[], byte[]> producer, Collection<TopicPartition> partitions) {
    List<Future<?>> sent =
        partitions.stream()
            .<Future<?>>map(at ->
                producer.send(new ProducerRecord<>(at.topic(), at.partition(), 0L, TEXT, TEXT)))
            .toList();
    producer.flush();
    return arrived(sent);
  }

  int writeStrange(Collection<TopicPartition> partitions, int rounds) {
    int written = 0;
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      for (int i = 0; i < rounds; i++) {
        for (TopicPartition at : partitions) {
          List<Future<?>> sent =
              List.of(
                  send(producer, at, null, null, new RecordHeaders()),
                  send(producer, at, new byte[0], new byte[0], new RecordHeaders()),
                  send(producer, at, TEXT, null, new RecordHeaders()),
                  send(producer, at, null, TEXT, manyHeaders()),
                  send(producer, at, NO_UTF_8, NO_UTF_8, new RecordHeaders()),
                  send(producer, at, TEXT, new byte[LARGE_BYTES], new RecordHeaders()));
          producer.flush();
          written += arrived(sent);
        }
      }
    }
    return written;
  }

  /// Among them one that is called as the ids of events are, and is none.
  private static RecordHeaders manyHeaders() {
    RecordHeaders headers = new RecordHeaders();
    for (int i = 0; i < HEADERS; i++) {
      headers.add("junk-" + i, NO_ID);
    }
    headers.add("event-id", NO_ID);
    return headers;
  }

  private static Future<?> send(
      KafkaProducer<byte[], byte[]> producer,
      TopicPartition at,
      byte @Nullable [] key,
      byte @Nullable [] value,
      RecordHeaders headers) {
    return producer.send(new ProducerRecord<>(at.topic(), at.partition(), 0L, key, value, headers));
  }

  private static int arrived(List<Future<?>> sent) {
    int arrived = 0;
    for (Future<?> future : sent) {
      try {
        future.get();
        arrived++;
      } catch (ExecutionException _) {
        // counted as not arrived
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return arrived;
      }
    }
    return arrived;
  }
}
