package dev.gretchen.testkit;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A committed record of a topic, as the app's codecs read it. Immutable.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class TestRecord<K, V> {

  private final String place;
  private final int partition;
  private final long offset;
  private final @Nullable K key;
  private final @Nullable V value;
  private final Instant timestamp;
  private final Map<String, byte[]> headers;

  TestRecord(
      String topic,
      int partition,
      long offset,
      @Nullable K key,
      @Nullable V value,
      Instant timestamp,
      Map<String, byte[]> headers) {
    this.place = topic + "-" + partition + "@" + offset;
    this.partition = partition;
    this.offset = offset;
    this.key = key;
    this.value = value;
    this.timestamp = timestamp;
    this.headers = headers;
  }

  /// The key.
  ///
  /// @throws IllegalStateException if the record has none
  public K key() {
    if (key == null) {
      throw new IllegalStateException("the record at " + place + " has no key; ask hasKey() first");
    }
    return key;
  }

  /// Whether the record has a key.
  public boolean hasKey() {
    return key != null;
  }

  /// The value.
  ///
  /// @throws IllegalStateException if the record is a tombstone
  public V value() {
    if (value == null) {
      throw new IllegalStateException(
          "the record at " + place + " is a tombstone; ask isTombstone() first");
    }
    return value;
  }

  /// Whether the record's value is null.
  public boolean isTombstone() {
    return value == null;
  }

  /// The record's timestamp: event time.
  public Instant timestamp() {
    return timestamp;
  }

  public int partition() {
    return partition;
  }

  public long offset() {
    return offset;
  }

  /// The value of a header, or null; the last one where it is repeated.
  public byte @Nullable [] header(String name) {
    byte[] header = headers.get(name);
    return header == null ? null : header.clone();
  }

  /// Equal in key, value and timestamp; where a record lies does not count.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TestRecord<?, ?> that
        && Objects.deepEquals(key, that.key)
        && Objects.deepEquals(value, that.value)
        && timestamp.equals(that.timestamp);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(new @Nullable Object[] {key, value, timestamp});
  }

  @Override
  public String toString() {
    return place + " " + key + "=" + value + " (" + timestamp + ")";
  }
}
