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

  /// Kept by the engine beside the sessions of a table, or what a join holds: one more byte says
  /// what, then the rest.
  public static final byte LISTED = 0x03;

  /// An event that a join holds ([JoinKeys]): its side, its key, its time.
  public static final byte HELD = 0x04;

  /// Behind every key.
  static final byte BEYOND = HELD + 1;

  private static final byte SESSIONS_OF_A_KEY = 'k';
  private static final byte SESSIONS_BY_CLOSE = 'c';

  private static final int WINDOW_HEADER = 1 + Long.BYTES;
  private static final int SESSION_HEADER = 2 + 2 * Long.BYTES;

  /// Stream time of the partition, in the changelog and the store.
  public static final ByteKey STREAM_TIME = reserved("stream-time");

  /// The last window that has closed, where windows outlive that; in the changelog and the store.
  public static final ByteKey CLOSED_UP_TO = reserved("closed-up-to");

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

  /// The list of a key's sessions: their places.
  public static ByteKey sessions(byte[] key) {
    byte[] bytes = new byte[2 + key.length];
    bytes[0] = LISTED;
    bytes[1] = SESSIONS_OF_A_KEY;
    System.arraycopy(key, 0, bytes, 2, key.length);
    return new ByteKey(bytes);
  }

  /// A session in the line of those that wait for their close.
  ///
  /// @param moment not after its close
  /// @param place the start of the window that it stands under
  public static ByteKey sessionByClose(long moment, long place, byte[] key) {
    return new ByteKey(
        ByteBuffer.allocate(SESSION_HEADER + key.length)
            .put(LISTED)
            .put(SESSIONS_BY_CLOSE)
            .putLong(moment)
            .putLong(place)
            .put(key)
            .array());
  }

  /// The session that [#sessionByClose] names.
  public static ByteKey session(ByteKey byClose) {
    byte[] bytes = byClose.bytes();
    long place = ByteBuffer.wrap(bytes).getLong(2 + Long.BYTES);
    return windowed(place, Arrays.copyOfRange(bytes, SESSION_HEADER, bytes.length));
  }

  /// What all windows have in front of the time by which they are ordered.
  public static byte[] windowPrefix() {
    return new byte[] {WINDOWED};
  }

  /// What all sessions that wait for their close have in front of the time of it.
  public static byte[] byClosePrefix() {
    return new byte[] {LISTED, SESSIONS_BY_CLOSE};
  }

  /// The key of a table as its codec wrote it, without what stands before it here.
  public static byte[] own(ByteKey key) {
    byte[] bytes = key.bytes();
    if (bytes[0] == HELD) {
      return JoinKeys.own(bytes);
    }
    int header =
        switch (bytes[0]) {
          case WINDOWED -> WINDOW_HEADER;
          case LISTED -> bytes[1] == SESSIONS_BY_CLOSE ? SESSION_HEADER : 2;
          default -> 1;
        };
    return Arrays.copyOfRange(bytes, header, bytes.length);
  }

  /// Whether it is a key of the app's, and not one that the engine keeps for itself.
  public static boolean isData(byte[] key) {
    return key[0] == PLAIN || key[0] == WINDOWED || key[0] == HELD;
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
