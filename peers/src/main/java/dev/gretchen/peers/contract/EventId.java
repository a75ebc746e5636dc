package dev.gretchen.peers.contract;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/// The id that each event carries, and that every record made of it passes on.
public final class EventId {

  /// The header: 8 bytes, big-endian.
  public static final String HEADER = "event-id";

  private EventId() {}

  /// The header of a record.
  ///
  /// @throws IllegalArgumentException where the record has none, which the contract rules out
  public static Header header(Headers headers) {
    Header header = headers.lastHeader(HEADER);
    if (header == null || header.value().length != Long.BYTES) {
      throw new IllegalArgumentException(
          "a record has no header " + HEADER + " of 8 bytes; the contract asks for one");
    }
    return header;
  }

  /// The id of a record.
  ///
  /// @throws IllegalArgumentException where it has none
  public static long of(Headers headers) {
    return of(header(headers));
  }

  /// The id that a header holds.
  public static long of(Header header) {
    return ByteBuffer.wrap(header.value()).getLong();
  }
}
