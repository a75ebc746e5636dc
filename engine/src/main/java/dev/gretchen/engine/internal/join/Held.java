package dev.gretchen.engine.internal.join;

import dev.gretchen.engine.Codec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An event that a join holds for those of the other side that may still come. What is in its
/// arrays is never changed.
///
/// @param isAwaited whether it is told that nobody has come, if so it stays
/// @param id what the event's id header holds, at most [#ID_BYTES_MAX] bytes; null for none
/// @param value as its side's codec wrote it
public record Held(boolean isAwaited, byte @Nullable [] id, byte[] value) {

  private static final int AWAITED = 1;
  private static final int WITH_ID = 2;

  /// What its length in one byte can say.
  public static final int ID_BYTES_MAX = 255;

  /// A byte of flags; where it has an id, the id's length in one byte and the id; then the value.
  public static final Codec<Held> CODEC =
      new Codec<>() {
        @Override
        public byte[] encode(Held held) {
          byte[] id = held.id;
          int flags = (held.isAwaited ? AWAITED : 0) | (id == null ? 0 : WITH_ID);
          ByteBuffer bytes =
              ByteBuffer.allocate(1 + (id == null ? 0 : 1 + id.length) + held.value.length)
                  .put((byte) flags);
          if (id != null) {
            bytes.put((byte) id.length).put(id);
          }
          return bytes.put(held.value).array();
        }

        @Override
        public Held decode(byte[] bytes) {
          boolean hasId = (bytes[0] & WITH_ID) != 0;
          int behindId = hasId ? 2 + Byte.toUnsignedInt(bytes[1]) : 1;
          return new Held(
              (bytes[0] & AWAITED) != 0,
              hasId ? Arrays.copyOfRange(bytes, 2, behindId) : null,
              Arrays.copyOfRange(bytes, behindId, bytes.length));
        }
      };

  /// The same event after it has met another one.
  public Held met() {
    return isAwaited ? new Held(false, id, value) : this;
  }
}
