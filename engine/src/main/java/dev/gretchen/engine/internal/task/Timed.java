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
    return at + lifetimeMillis <= streamTime;
  }

  boolean isExpired(TableSpec spec, long streamTime) {
    return isExpired(at, spec.lifetimeMillis(), streamTime);
  }

  /// How such values are written: a mark, the time in 8 bytes, big-endian, then the value.
  public record Format<V>(Codec<V> values) implements Codec<Timed<V>> {

    /// No text and no JSON begins with it, so a value that was written without its time is found
    /// out.
    private static final byte MARK = (byte) 0xf8;

    private static final int HEADER = 1 + Long.BYTES;

    /// The time of a value.
    static long timeOf(byte[] bytes) {
      requireMark(bytes);
      return ByteBuffer.wrap(bytes).getLong(1);
    }

    @Override
    public byte[] encode(Timed<V> timed) {
      byte[] value = values.encode(timed.value());
      return ByteBuffer.allocate(HEADER + value.length)
          .put(MARK)
          .putLong(timed.at())
          .put(value)
          .array();
    }

    @Override
    public Timed<V> decode(byte[] bytes) {
      return new Timed<>(
          timeOf(bytes), values.decode(Arrays.copyOfRange(bytes, HEADER, bytes.length)));
    }

    private static void requireMark(byte[] bytes) {
      if (bytes.length < HEADER || bytes[0] != MARK) {
        throw new IllegalStateException(
            "a value was written without its time: this table was kept without expireAfter(...) before, and a time cannot be made up; give the table that expires another name");
      }
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
