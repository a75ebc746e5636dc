package dev.gretchen.verifier.load;

import dev.gretchen.verifier.history.AckWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Offers a load at its rate: open loop, event i is due at start + i/rate whatever the system does.
///
/// Where the producer's buffer is full, handing over blocks for at most [#BLOCK_MAX]; events that
/// become late by that are still sent, and the lateness is kept as *slip*. The producer is
/// idempotent with `acks=all`, and an event is never sent a second time: what the producer cannot
/// tell stays UNKNOWN, and the log will tell. [#run] belongs to one thread; the rest is for any
/// thread.
public final class LoadDriver implements AutoCloseable {

  /// How long handing over one event may block.
  public static final Duration BLOCK_MAX = Duration.ofSeconds(20);

  /// How long closing waits for acknowledgements that are still out.
  public static final Duration CLOSE_MAX = Duration.ofSeconds(150);

  private static final long SLIP_MAX_MICROS = Duration.ofHours(1).toNanos() / 1000;
  private static final long BUFFER_BYTES = 16L * 1024 * 1024;
  private static final long PAUSE_NANOS = 500_000;

  private final LoadPlan plan;
  private final List<String> topics;
  private final String eventIdHeader;
  private final Producer<byte[], byte[]> producer;
  private final AckWriter acks;
  private final InstantSource clock;
  private final ConcurrentHistogram slipMicros = new ConcurrentHistogram(SLIP_MAX_MICROS, 2);
  private final LongAdder acked = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private volatile long sent;
  private volatile long startMillis;
  private volatile long endMillis;
  private volatile boolean stopped;
  private volatile @Nullable Thread handing;

  /// A driver that is ready to run.
  ///
  /// @param topics as many as the plan's partitions reach over
  /// @param clientConfig at least `bootstrap.servers`
  public LoadDriver(
      LoadPlan plan,
      List<String> topics,
      String eventIdHeader,
      Map<String, Object> clientConfig,
      AckWriter acks,
      InstantSource clock) {
    this(plan, topics, eventIdHeader, new KafkaProducer<>(config(clientConfig)), acks, clock);
  }

  LoadDriver(
      LoadPlan plan,
      List<String> topics,
      String eventIdHeader,
      Producer<byte[], byte[]> producer,
      AckWriter acks,
      InstantSource clock) {
    this.plan = plan;
    this.topics = List.copyOf(topics);
    this.eventIdHeader = eventIdHeader;
    this.producer = producer;
    this.acks = acks;
    this.clock = clock;
  }

  static Map<String, Object> config(Map<String, Object> clientConfig) {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "gretchen-load");
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MAX.toMillis());
    return config;
  }

  /// Sends all events, each when it is due; returns after the last, or soon after [#stop].
  public void run() {
    handing = Thread.currentThread();
    // the first look at the cluster takes long; it must not make the first events late
    topics.forEach(producer::partitionsFor);
    startMillis = clock.millis();
    long startNanos = System.nanoTime();
    double nanosPerEvent = 1e9 / plan.shape().rate();
    long next = 0;
    while (next < plan.count() && !stopped) {
      long elapsed = System.nanoTime() - startNanos;
      long due = Math.min(plan.count(), (long) (elapsed / nanosPerEvent) + 1);
      for (; next < due && !stopped; next++) {
        send(plan.event(next));
        sent = next + 1;
        long slip = System.nanoTime() - startNanos - (long) (next * nanosPerEvent);
        slipMicros.recordValue(Math.clamp(slip / 1000, 0, SLIP_MAX_MICROS));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    endMillis = clock.millis();
  }

  private void send(LoadEvent event) {
    byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(event.id()).array();
    List<Header> headers = List.of(new RecordHeader(eventIdHeader, id));
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topics.get(event.partition() / plan.shape().partitions()),
            event.partition() % plan.shape().partitions(),
            event.timestamp(),
            event.key(),
            event.value(),
            headers);
    try {
      var _ = producer.send(record, (metadata, error) -> report(event, metadata, error));
    } catch (ApiException e) {
      note(event, Ack.Status.FAILED, -1);
    }
  }

  private void report(LoadEvent event, RecordMetadata metadata, @Nullable Exception error) {
    if (error == null) {
      note(event, Ack.Status.ACKED, metadata.offset());
    } else {
      note(event, definite(error) ? Ack.Status.FAILED : Ack.Status.UNKNOWN, -1);
    }
  }

  /// An error reported while the event is being handed over is certain: it never reached the
  /// buffer. One that the producer's thread reports is certain only where the broker refuses before
  /// it appends.
  private boolean definite(Exception error) {
    return Thread.currentThread().equals(handing)
        || error instanceof RecordTooLargeException
        || error instanceof InvalidTimestampException
        || error instanceof InvalidTopicException
        || error instanceof AuthorizationException;
  }

  private void note(LoadEvent event, Ack.Status status, long offset) {
    switch (status) {
      case ACKED -> acked.increment();
      case FAILED -> failed.increment();
      case UNKNOWN -> unknown.increment();
    }
    acks.append(event.partition(), new Ack(event.index(), status, offset));
  }

  /// Ends [#run] early.
  public void stop() {
    stopped = true;
  }

  /// Epoch milliseconds at which event 0 was due, 0 before.
  public long startMillis() {
    return startMillis;
  }

  /// Epoch milliseconds at which the last event was handed over, 0 before.
  public long endMillis() {
    return endMillis;
  }

  /// How far it has come.
  public LoadProgress progress() {
    long end = endMillis == 0 ? clock.millis() : endMillis;
    long took = startMillis == 0 ? 0 : Math.max(1, end - startMillis);
    return new LoadProgress(
        sent,
        acked.sum(),
        failed.sum(),
        unknown.sum(),
        slipMicros.getValueAtPercentile(99) / 1000.0,
        slipMicros.getMaxValue() / 1000.0,
        took == 0 ? 0 : sent * 1000.0 / took);
  }

  /// Ends at once; what was not acknowledged yet stays UNKNOWN.
  public void abandon() {
    stop();
    handing = null;
    producer.close(Duration.ZERO);
  }

  /// Waits for the acknowledgements that are still out; those that do not come are UNKNOWN.
  @Override
  public void close() {
    handing = null;
    producer.close(CLOSE_MAX);
  }
}
