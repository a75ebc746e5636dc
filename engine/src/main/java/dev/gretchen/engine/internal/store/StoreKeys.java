package dev.gretchen.engine.internal.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The keys of stores and changelogs: one tag byte, then the rest. Windows sort by their start, so
/// that expired ones stand first.
public final class StoreKeys {

  /// Kept by the engine itself.
  public static final byte RESERVED = 0x00;

  /// A plain table's key follows.
  public static final byte PLAIN = 0x01;

  /// The window's start (8 bytes) and a key follow.
  public static final byte WINDOWED = 0x02;

  /// Stream time of the partition, in the changelog and the store.
  public static final ByteKey STREAM_TIME = reserved("stream-time");

  /// Where the store stands in its changelog; in the store alone.
  public static final ByteKey POSITION = reserved("position");

  private StoreKeys() {}

  public static ByteKey plain(byte[] key) {
    byte[] bytes = new byte[1 + key.length];
    bytes[0] = PLAIN;
    System.arraycopy(key, 0, bytes, 1, key.length);
    return new ByteKey(bytes);
  }

  /// The key of a plain table as its codec wrote it.
  public static byte[] untagged(ByteKey plain) {
    return Arrays.copyOfRange(plain.bytes(), 1, plain.bytes().length);
  }

  public static ByteKey windowed(long start, byte[] key) {
    return new ByteKey(
        ByteBuffer.allocate(1 + Long.BYTES + key.length)
            .put(WINDOWED)
            .putLong(start)
            .put(key)
            .array());
  }

  /// The key of a plain or a windowed table as its codec wrote it, without tag and window.
  public static byte[] own(ByteKey key) {
    byte[] bytes = key.bytes();
    return Arrays.copyOfRange(bytes, bytes[0] == WINDOWED ? 1 + Long.BYTES : 1, bytes.length);
  }

  /// The start of the window that a windowed key belongs to.
  public static long windowStart(byte[] key) {
    return ByteBuffer.wrap(key).getLong(1);
  }

  private static ByteKey reserved(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    return new ByteKey(ByteBuffer.allocate(1 + text.length).put(RESERVED).put(text).array());
  }
}
