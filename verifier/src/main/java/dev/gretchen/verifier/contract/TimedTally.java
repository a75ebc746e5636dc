package dev.gretchen.verifier.contract;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a table whose keys expire holds of one: a mark, the stream time of its last write (8 bytes,
/// epoch milliseconds), then its tally.
///
/// @param at stream time of the last write
public record TimedTally(long at, Tally tally) {

  private static final byte MARK = (byte) 0xf8;
  private static final int HEADER = 1 + Long.BYTES;

  /// The value that some bytes say, or null where they say none.
  public static @Nullable TimedTally decode(byte[] bytes) {
    if (bytes.length < HEADER || bytes[0] != MARK) {
      return null;
    }
    Tally tally = TallyJson.decode(Arrays.copyOfRange(bytes, HEADER, bytes.length));
    return tally == null ? null : new TimedTally(ByteBuffer.wrap(bytes).getLong(1), tally);
  }

  /// The bytes.
  public byte[] encode() {
    byte[] json = TallyJson.encode(tally);
    return ByteBuffer.allocate(HEADER + json.length).put(MARK).putLong(at).put(json).array();
  }
}
