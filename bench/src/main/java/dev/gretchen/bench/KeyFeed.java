package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// Sends the events of a [KeyCycle], one after the other: many at once, or at a rate while others
/// are measured.
final class KeyFeed implements AutoCloseable {

  private static final String EVENT_ID = "event-id";
  private static final long PACE_NANOS = 5_000_000;

  private final KeyCycle cycle;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final AtomicLong sent = new AtomicLong();
  private @Nullable Thread pace;
  private volatile boolean stopping;

  KeyFeed(Map<String, ?> connection, KeyCycle cycle) {
    this.cycle = cycle;
    this.producer = new KafkaProducer<>(Preload.settings(connection));
  }

  /// How many events were sent so far, which is the index of the next.
  long sent() {
    return sent.get();
  }

  /// Sends a number of events as fast as it can, and waits until they are acknowledged.
  void send(long events) throws InterruptedException {
    for (long i = 0; i < events; i++) {
      sendOne();
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while events were sent");
      }
    }
    flush();
  }

  /// Sends events at a rate from now on, until [#stop].
  void start(int perSecond) {
    stopping = false;
    pace =
        Thread.ofPlatform()
            .name("feed")
            .daemon()
            .start(() -> {
              long from = System.nanoTime();
              long done = 0;
              while (!stopping) {
                long due = (long) ((System.nanoTime() - from) / 1e9 * perSecond);
                for (; done < due; done++) {
                  sendOne();
                }
                producer.flush();
                LockSupport.parkNanos(PACE_NANOS);
              }
            });
  }

  void stop() throws InterruptedException {
    stopping = true;
    Thread pacing = pace;
    if (pacing != null) {
      pacing.join();
      pace = null;
    }
    flush();
  }

  private void sendOne() {
    long index = sent.getAndIncrement();
    byte[] key = cycle.key(index);
    byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(cycle.id(index)).array();
    var _ =
        producer.send(
            new ProducerRecord<>(
                Stage.COUNT.input(),
                null,
                cycle.timestamp(index),
                key,
                key,
                List.of(new RecordHeader(EVENT_ID, id))),
            (_, cause) -> {
              if (cause != null) {
                failure.set(cause);
              }
            });
  }

  private void flush() {
    producer.flush();
    Exception cause = failure.get();
    if (cause != null) {
      throw new EnvironmentFailure("the brokers refuse the load: " + cause, cause);
    }
  }

  @Override
  public void close() {
    stopping = true;
    producer.close();
  }
}
