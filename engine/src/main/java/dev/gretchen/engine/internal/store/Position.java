package dev.gretchen.engine.internal.store;

import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;

/// Where a store stands in its changelog.
///
/// @param topicId of the changelog; a topic made anew has another
/// @param next offset of the last applied data record + 1; 0 if none was applied
/// @param caughtUpAt epoch milliseconds when the store last held all that was committed; decides
///   whether it may have missed tombstones
public record Position(Uuid topicId, long next, long caughtUpAt) {

  private static final byte VERSION = 1;
  private static final int LENGTH = 1 + 4 * Long.BYTES;

  /// Of a store that holds nothing.
  public static final Position NOTHING = new Position(Uuid.ZERO_UUID, 0, 0);

  /// The same place, known to be complete at a later moment.
  public Position caughtUpAt(long millis) {
    return new Position(topicId, next, millis);
  }

  public byte[] encode() {
    return ByteBuffer.allocate(LENGTH)
        .put(VERSION)
        .putLong(topicId.getMostSignificantBits())
        .putLong(topicId.getLeastSignificantBits())
        .putLong(next)
        .putLong(caughtUpAt)
        .array();
  }

  /// @throws IllegalStateException if the bytes were written by something else
  public static Position decode(byte[] bytes) {
    if (bytes.length != LENGTH || bytes[0] != VERSION) {
      throw new IllegalStateException(
          "a stored position has version 1 and "
              + LENGTH
              + " bytes, found "
              + bytes.length
              + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, LENGTH - 1);
    return new Position(
        new Uuid(buffer.getLong(), buffer.getLong()), buffer.getLong(), buffer.getLong());
  }
}
