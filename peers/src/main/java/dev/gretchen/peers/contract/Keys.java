package dev.gretchen.peers.contract;

import java.nio.ByteBuffer;

/// The keys of changelogs: one tag byte, then the rest.
public final class Keys {

  /// The program's own records, which a judge skips.
  public static final byte RESERVED = 0x00;

  /// Data of a plain table: the key follows.
  public static final byte PLAIN = 0x01;

  /// Data of a windowed table: the window's start (8 bytes) and the key follow.
  public static final byte WINDOWED = 0x02;

  private Keys() {}

  /// A key of a plain table.
  public static byte[] plain(byte[] key) {
    byte[] tagged = new byte[1 + key.length];
    tagged[0] = PLAIN;
    System.arraycopy(key, 0, tagged, 1, key.length);
    return tagged;
  }

  /// A key of a windowed table.
  ///
  /// @param start epoch milliseconds
  public static byte[] windowed(long start, byte[] key) {
    return ByteBuffer.allocate(1 + Long.BYTES + key.length)
        .put(WINDOWED)
        .putLong(start)
        .put(key)
        .array();
  }

  /// The start of the window of a windowed key.
  public static long windowStart(byte[] tagged) {
    return ByteBuffer.wrap(tagged).getLong(1);
  }
}
