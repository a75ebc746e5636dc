package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A value with the stream time of its last write, in tables whose keys expire.
///
/// @param at epoch milliseconds
public record Timed<V>(long at, V value) {

  /// Whether stream time has passed the last write by a lifetime.
  public static boolean isExpired(long at, long lifetimeMillis, long streamTime) {
    return streamTime - lifetimeMillis >= at;
  }

  boolean isExpired(TableSpec spec, long streamTime) {
    return isExpired(at, spec.retentionMillis(), streamTime);
  }

  /// How such values are written: the time in 8 bytes, big-endian, then the value.
  public record Format<V>(Codec<V> values) implements Codec<Timed<V>> {

    @Override
    public byte[] encode(Timed<V> timed) {
      byte[] value = values.encode(timed.value());
      return ByteBuffer.allocate(Long.BYTES + value.length).putLong(timed.at()).put(value).array();
    }

    @Override
    public Timed<V> decode(byte[] bytes) {
      if (bytes.length < Long.BYTES) {
        throw new IllegalArgumentException(
            "a value that expires begins with its time, in 8 bytes, found "
                + bytes.length
                + " bytes; was the table kept without expireAfter(...) before?");
      }
      return new Timed<>(
          ByteBuffer.wrap(bytes).getLong(),
          values.decode(Arrays.copyOfRange(bytes, Long.BYTES, bytes.length)));
    }
  }

  /// The values alone, for those who look from outside.
  public record Bare<V>(Format<V> format) implements Codec<V> {

    @Override
    public byte[] encode(V value) {
      return format.encode(new Timed<>(0, value));
    }

    @Override
    public V decode(byte[] bytes) {
      return format.decode(bytes).value();
    }
  }
}
