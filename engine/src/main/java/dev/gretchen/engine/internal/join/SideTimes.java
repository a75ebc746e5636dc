package dev.gretchen.engine.internal.join;

import dev.gretchen.engine.Codec;
import java.nio.ByteBuffer;

/// How far the two sides of a join have come: the highest event time of each so far, in epoch
/// milliseconds, or [#NONE].
public record SideTimes(long left, long right) {

  /// The time of a side of which nothing has come.
  public static final long NONE = Long.MIN_VALUE;

  /// Of a join that nothing has come to.
  public static final SideTimes UNKNOWN = new SideTimes(NONE, NONE);

  /// Eight bytes each.
  public static final Codec<SideTimes> CODEC =
      new Codec<>() {
        @Override
        public byte[] encode(SideTimes times) {
          return ByteBuffer.allocate(2 * Long.BYTES)
              .putLong(times.left)
              .putLong(times.right)
              .array();
        }

        @Override
        public SideTimes decode(byte[] bytes) {
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          return new SideTimes(buffer.getLong(), buffer.getLong());
        }
      };

  public long of(Side side) {
    return side == Side.LEFT ? left : right;
  }

  /// The same after an event of a side; this very object where that changes nothing.
  public SideTimes with(Side side, long time) {
    if (time <= of(side)) {
      return this;
    }
    return side == Side.LEFT ? new SideTimes(time, right) : new SideTimes(left, time);
  }
}
