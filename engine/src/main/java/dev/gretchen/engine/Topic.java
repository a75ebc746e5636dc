package dev.gretchen.engine;

import dev.gretchen.engine.internal.task.CurrentEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// A topic with the types of its keys and values. Immutable; used from any handler.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class Topic<K, V> implements Source<K, V> {

  private final String name;
  private final String label;
  private final Codec<K> keys;
  private final Codec<V> values;
  private final @Nullable EventTime<K, V> time;

  /// @param time null for the timestamps of the records
  Topic(String name, Codec<K> keys, Codec<V> values, @Nullable EventTime<K, V> time) {
    this.name = name;
    this.label = "topic " + name;
    this.keys = keys;
    this.values = values;
    this.time = time;
  }

  /// The topic's name in Kafka.
  public String name() {
    return name;
  }

  /// The codec of its keys.
  public Codec<K> keys() {
    return keys;
  }

  /// The codec of its values.
  public Codec<V> values() {
    return values;
  }

  /// Sends a record as an effect of the current event: with the event's id and timestamp, in the
  /// transaction of the event's offset.
  ///
  /// @throws IllegalStateException outside a handler
  /// @throws EffectTooLarge if the record is larger than the producer may send
  public void send(K key, V value) {
    CurrentEvent.required(label).send(name, keys.encode(key), values.encode(value));
  }

  /// Sends a record without a value, which deletes the key in a compacted topic; otherwise as
  /// [#send].
  public void sendTombstone(K key) {
    CurrentEvent.required(label).send(name, keys.encode(key), null);
  }

  boolean tellsTime() {
    return time != null;
  }

  /// When the event of a record happened, by what it tells.
  ///
  /// @throws RuntimeException where it does not tell
  long timeOf(ConsumerRecord<byte[], byte[]> source) {
    return timeOf(new Event<>(source, decodeKey(source.key()), decodeValue(source.value())));
  }

  private long timeOf(Event<K, V> event) {
    EventTime<K, V> clock = time;
    long millis = clock == null ? event.timestamp() : clock.of(event).toEpochMilli();
    if (clock != null && millis < 0) {
      throw new IllegalArgumentException(
          label + ": " + event + " tells a time before 1970, which no window holds: " + millis);
    }
    return millis;
  }

  /// Refuses an event that was to tell its time, and did not.
  ///
  /// @throws RuntimeException saying why
  void requireTime(Event<K, V> event) {
    if (time != null && event.timestamp() < 0) {
      timeOf(event);
    }
  }

  @Nullable K decodeKey(byte @Nullable [] bytes) {
    return bytes == null ? null : keys.decode(bytes);
  }

  @Nullable V decodeValue(byte @Nullable [] bytes) {
    return bytes == null ? null : values.decode(bytes);
  }

  @Override
  public String toString() {
    return label;
  }
}
