package dev.gretchen.verifier.truth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// A key's window, of one size or a session.
///
/// @param key the bytes of the key
/// @param start epoch milliseconds, in it
/// @param end epoch milliseconds, behind it
public record KeyWindow(ByteBuffer key, long start, long end) {

  /// Of a key's bytes, which must not be changed afterwards.
  public static KeyWindow of(byte[] key, long start, long end) {
    return new KeyWindow(ByteBuffer.wrap(key), start, end);
  }

  /// In words, for sentences.
  @Override
  public String toString() {
    return "key "
        + StandardCharsets.UTF_8.decode(key.duplicate())
        + " in "
        + Instant.ofEpochMilli(start)
        + " to "
        + Instant.ofEpochMilli(end);
  }
}
