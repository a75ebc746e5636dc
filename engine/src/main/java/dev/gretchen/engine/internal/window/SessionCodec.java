package dev.gretchen.engine.internal.window;

import dev.gretchen.engine.Codec;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Sessions as bytes: start and end (8 bytes each, epoch milliseconds), then the value as the
/// table's codec writes it.
public record SessionCodec<V>(Codec<V> values) implements Codec<Session<V>> {

  private static final int HEADER = 2 * Long.BYTES;

  @Override
  public byte[] encode(Session<V> session) {
    byte[] value = values.encode(session.value());
    return ByteBuffer.allocate(HEADER + value.length)
        .putLong(session.start())
        .putLong(session.end())
        .put(value)
        .array();
  }

  @Override
  public Session<V> decode(byte[] bytes) {
    return new Session<>(
        ByteBuffer.wrap(bytes).getLong(),
        end(bytes),
        values.decode(Arrays.copyOfRange(bytes, HEADER, bytes.length)));
  }

  /// The end of a session whose value is of no interest.
  public static long end(byte[] session) {
    return ByteBuffer.wrap(session).getLong(Long.BYTES);
  }
}
