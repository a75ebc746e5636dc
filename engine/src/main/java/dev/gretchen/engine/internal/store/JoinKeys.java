package dev.gretchen.engine.internal.store;

import dev.gretchen.engine.internal.join.Side;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// The keys of what a join keeps in its table.
///
/// **Held.** An event stands under its side and key, and there in the order of event time, so that
/// those that an event of the other side meets stand together. The offset tells events of one key
/// and one millisecond apart.
///
/// **In line.** Beside it, in the order of time alone, stands where it is: so those that nobody can
/// meet any more are found without looking at others.
public final class JoinKeys {

  /// How far the two sides have come.
  public static final ByteKey TIMES = new ByteKey(new byte[] {StoreKeys.LISTED, 't'});

  private static final int KEY = 2 + Integer.BYTES;
  private static final int MOMENT = 2 * Long.BYTES;
  private static final int LINE_HEADER = 2 + MOMENT;

  private JoinKeys() {}

  /// An event that is held.
  public static ByteKey held(Side side, byte[] key, long time, long offset) {
    return new ByteKey(
        ByteBuffer.allocate(KEY + key.length + MOMENT)
            .put(StoreKeys.HELD)
            .put(letter(side))
            .putInt(key.length)
            .put(key)
            .putLong(time)
            .putLong(offset)
            .array());
  }

  /// The events of a side and a key from one moment to another.
  ///
  /// @param first not negative, so that numbers stand in their order
  /// @param last is in the range, as the first is
  public static KeyRange range(Side side, byte[] key, long first, long last) {
    return new KeyRange(held(side, key, first, 0), held(side, key, last + 1, 0));
  }

  /// The event's place in its side's line.
  public static ByteKey inLine(Side side, byte[] key, long time, long offset) {
    return new ByteKey(
        ByteBuffer.allocate(LINE_HEADER + key.length)
            .put(StoreKeys.LISTED)
            .put(letter(side))
            .putLong(time)
            .putLong(offset)
            .put(key)
            .array());
  }

  /// What all of a side's line have in front of their time.
  public static byte[] linePrefix(Side side) {
    return new byte[] {StoreKeys.LISTED, letter(side)};
  }

  /// The event that a place in a line is of.
  public static ByteKey held(ByteKey inLine) {
    byte[] bytes = inLine.bytes();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return held(
        side(inLine),
        Arrays.copyOfRange(bytes, LINE_HEADER, bytes.length),
        buffer.getLong(2),
        buffer.getLong(2 + Long.BYTES));
  }

  /// The side of an event, by what holds it or by its place in line.
  public static Side side(ByteKey key) {
    return key.bytes()[1] == letter(Side.LEFT) ? Side.LEFT : Side.RIGHT;
  }

  /// The event time of an event that is held.
  public static long time(ByteKey held) {
    return ByteBuffer.wrap(held.bytes()).getLong(held.bytes().length - MOMENT);
  }

  /// The key of an event that is held.
  static byte[] own(byte[] held) {
    return Arrays.copyOfRange(held, KEY, held.length - MOMENT);
  }

  private static byte letter(Side side) {
    return (byte) (side == Side.LEFT ? 'l' : 'r');
  }
}
