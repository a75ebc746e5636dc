package dev.gretchen.verifier.contract;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a table of sessions holds of one: its start and end (8 bytes each, epoch milliseconds),
/// then its tally.
///
/// @param start the time of its first event
/// @param end a gap after the time of its last event
public record SessionValue(long start, long end, Tally tally) {

  private static final int HEADER = 2 * Long.BYTES;

  /// The session that some bytes say, or null where they say none.
  public static @Nullable SessionValue decode(byte[] bytes) {
    if (bytes.length < HEADER) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    Tally tally = TallyJson.decode(Arrays.copyOfRange(bytes, HEADER, bytes.length));
    return tally == null ? null : new SessionValue(buffer.getLong(), buffer.getLong(), tally);
  }

  /// The bytes.
  public byte[] encode() {
    byte[] json = TallyJson.encode(tally);
    return ByteBuffer.allocate(HEADER + json.length).putLong(start).putLong(end).put(json).array();
  }
}
