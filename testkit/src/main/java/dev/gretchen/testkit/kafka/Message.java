package dev.gretchen.testkit.kafka;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a producer sends.
///
/// @param headers not to be changed
public record Message(
    long timestamp, byte @Nullable [] key, byte @Nullable [] value, List<HeaderField> headers) {

  /// A record's own framing, roughly as the format has it.
  private static final int OVERHEAD = 70;

  /// One header.
  public record HeaderField(String key, byte @Nullable [] value) {}

  /// Its size, roughly as a broker counts it.
  public int size() {
    int size = OVERHEAD + length(key) + length(value);
    for (HeaderField header : headers) {
      size += header.key().length() + length(header.value()) + 2;
    }
    return size;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
