package dev.gretchen.engine;

import dev.gretchen.engine.internal.ask.CallHeaders;
import dev.gretchen.engine.internal.task.CurrentEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// One record of an input topic, as a handler sees it. Immutable.
///
/// A record without a key or with a null value (a tombstone) never reaches a handler through this
/// type with nulls: the accessors say so in their error.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class Event<K, V> {

  /// The header that carries an event's id along, from record to record: 8 bytes, big-endian.
  public static final String ID_HEADER = "event-id";

  private final ConsumerRecord<byte[], byte[]> source;
  private final @Nullable K key;
  private final @Nullable V value;

  Event(ConsumerRecord<byte[], byte[]> source, @Nullable K key, @Nullable V value) {
    this.source = source;
    this.key = key;
    this.value = value;
  }

  /// The key.
  ///
  /// @throws IllegalStateException if the record has none; ask [#hasKey] first where that may be
  public K key() {
    if (key == null) {
      throw new IllegalStateException(
          where() + " has no key; ask hasKey() first, or re-key the topic");
    }
    return key;
  }

  /// Whether the record has a key.
  public boolean hasKey() {
    return key != null;
  }

  /// The value.
  ///
  /// @throws IllegalStateException if the record is a tombstone; ask [#isTombstone] first where
  ///   that may be
  public V value() {
    if (value == null) {
      throw new IllegalStateException(where() + " is a tombstone; ask isTombstone() first");
    }
    return value;
  }

  /// Whether the record's value is null.
  public boolean isTombstone() {
    return value == null;
  }

  /// Event time in epoch milliseconds: the record's timestamp, or what the topic's [EventTime]
  /// says.
  public long timestamp() {
    return source.timestamp();
  }

  /// The topic that the event came from.
  public String topic() {
    return source.topic();
  }

  /// The partition that the event came from; tables are touched in this partition.
  public int partition() {
    return source.partition();
  }

  /// The offset that the event came from.
  public long offset() {
    return source.offset();
  }

  /// The value of a header, or null; the last one where it is repeated.
  public byte @Nullable [] header(String name) {
    Header header = source.headers().lastHeader(name);
    return header == null ? null : header.value();
  }

  /// The id that this event carries ([#ID_HEADER]), through all topics that it passes. Without that
  /// header: a number made from topic, partition and offset, hence the same at each retry.
  public long id() {
    byte[] header = header(ID_HEADER);
    if (header != null && header.length == Long.BYTES) {
      return ByteBuffer.wrap(header).getLong();
    }
    return ((long) source.topic().hashCode() << 32 | source.partition()) * 0x9e3779b97f4a7c15L
        + source.offset();
  }

  /// A key for calls outside Kafka that must not happen twice: the same over retries and takeovers.
  /// A question that a handler has asked anew ([Answering#ask]) has the key of the first time.
  public String idempotencyKey() {
    String asked = CallHeaders.key(source.headers());
    if (asked != null) {
      return asked;
    }
    return source.topic() + "-" + source.partition() + "-" + source.offset();
  }

  /// Waits in the handler, as a call to the outside would: through the engine, so that the wait
  /// ends when the event is no longer this worker's or its time is up, and takes no real time in a
  /// simulated run or a test with the app tester.
  ///
  /// @throws EventAbandoned if the worker has lost the partition or stopped meanwhile
  /// @throws DeadlinePassed if the time that the [FailurePolicy] allows is up
  /// @throws IllegalStateException outside this event's handler
  public void sleep(Duration length) {
    CurrentEvent.required("Event.sleep").sleep(length);
  }

  /// How long the event may still take by its [FailurePolicy], zero if its time is up: for the
  /// time-out of a call to the outside. Empty where nothing limits it.
  ///
  /// @throws IllegalStateException outside this event's handler
  public Optional<Duration> timeLeft() {
    return CurrentEvent.required("Event.timeLeft").timeLeft();
  }

  /// For handlers of batches ([Take]): what is sent within has this event's id and timestamp, and
  /// windows are those of its time.
  ///
  /// @throws IllegalStateException where this is not an event that is being handled
  public void causes(Runnable effects) {
    CurrentEvent.required("Event.causes").causing(source, effects);
  }

  Headers headers() {
    return source.headers();
  }

  /// The key as it was written; null for none.
  byte @Nullable [] keyBytes() {
    return source.key();
  }

  /// The value as it was written; null for a tombstone.
  byte @Nullable [] valueBytes() {
    return source.value();
  }

  private String where() {
    return "the event at " + source.topic() + "-" + source.partition() + "@" + source.offset();
  }

  @Override
  public String toString() {
    return where();
  }
}
