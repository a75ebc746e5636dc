package dev.gretchen.verifier.load;

import dev.gretchen.verifier.contract.Partitioner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// A load that somebody turns up and down by hand, for looking and not for measuring: the events of
/// a plan one after the other, at a rate that may change at any time, 0 included. What was not sent
/// because the brokers were away is not made up for.
///
/// Each event has an id of its plan, so that whoever reads the input log can name it. [#run]
/// belongs to one thread; the rest is for any thread.
public final class ManualLoad implements AutoCloseable {

  /// The most that may be asked for, events a second.
  public static final double RATE_MAX = 5_000;

  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

  /// After a stall no more than this is sent at once.
  private static final Duration BURST_MAX = Duration.ofMillis(200);

  private final LoadPlan plan;
  private final List<String> topics;
  private final String eventIdHeader;
  private final Producer<byte[], byte[]> producer;
  private final AtomicLong next = new AtomicLong();
  private final LongAdder failed = new LongAdder();
  private volatile double rate;
  private volatile boolean stopped;

  /// @param topics as many as the plan's partitions reach over
  /// @param clientConfig at least `bootstrap.servers`
  public ManualLoad(
      LoadPlan plan, List<String> topics, String eventIdHeader, Map<String, Object> clientConfig) {
    this(plan, topics, eventIdHeader, producer(clientConfig));
  }

  ManualLoad(
      LoadPlan plan, List<String> topics, String eventIdHeader, Producer<byte[], byte[]> producer) {
    this.plan = plan;
    this.topics = List.copyOf(topics);
    this.eventIdHeader = eventIdHeader;
    this.producer = producer;
    this.rate = plan.shape().rate();
  }

  private static Producer<byte[], byte[]> producer(Map<String, Object> clientConfig) {
    return new KafkaProducer<>(
        LoadDriver.config(clientConfig), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// Sends until [#close] or the end of the plan.
  public void run() {
    long before = System.nanoTime();
    double due = 0;
    while (!stopped) {
      long now = System.nanoTime();
      due += rate * (now - before) / 1e9;
      due = Math.min(due, rate * BURST_MAX.toMillis() / 1e3 + 1);
      before = now;
      for (; due >= 1 && !stopped; due--) {
        long index = next.getAndIncrement();
        if (index >= plan.count()) {
          return;
        }
        send(plan.event(index));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void send(LoadEvent event) {
    int partitions = plan.shape().partitions();
    send(
        topics.get(event.partition() / partitions),
        event.partition() % partitions,
        event.id(),
        new Content(event.timestamp(), event.key(), event.value()));
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Content(long timestamp, byte[] key, byte[] value) {}

  /// Sends one event of somebody's own words to the first topic, beside the load.
  ///
  /// @return its id, empty of the plan's meaning but unique
  /// @throws IllegalStateException where the plan has no id left
  public long sendOwn(String key, String value) {
    long index = next.getAndIncrement();
    if (index >= plan.count()) {
      throw new IllegalStateException("the load is over: no id is left for another event");
    }
    long id = plan.id(index);
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    send(
        topics.getFirst(),
        Partitioner.partition(keyBytes, plan.shape().partitions()),
        id,
        new Content(plan.time(index, id), keyBytes, value.getBytes(StandardCharsets.UTF_8)));
    return id;
  }

  private void send(String topic, int partition, long id, Content content) {
    byte[] idBytes = ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            partition,
            content.timestamp,
            content.key,
            content.value,
            List.of(new RecordHeader(eventIdHeader, idBytes)));
    try {
      producer.send(record, (_, failure) -> note(failure));
    } catch (KafkaException failure) {
      note(failure);
    }
  }

  private void note(@Nullable Exception failure) {
    if (failure != null) {
      failed.increment();
    }
  }

  /// Events a second from now on, 0 to [#RATE_MAX].
  public void turnTo(double eventsPerSecond) {
    if (!(eventsPerSecond >= 0 && eventsPerSecond <= RATE_MAX)) {
      throw new IllegalArgumentException(
          "a rate is 0 to " + (long) RATE_MAX + " events a second, not " + eventsPerSecond);
    }
    rate = eventsPerSecond;
  }

  /// Events a second that are asked for now.
  public double rate() {
    return rate;
  }

  /// How many events were begun.
  public long sent() {
    return next.get();
  }

  /// How many of these are in no log, as far as the producer knows.
  public long failed() {
    return failed.sum();
  }

  /// Ends [#run] and waits a little for what is under way.
  @Override
  public void close() {
    stopped = true;
    producer.close(CLOSE_MAX);
  }
}
