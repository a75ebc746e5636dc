package dev.gretchen.avro;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// How a record says by which schema it was written: a marker, then the schema's id.
public enum WireFormat {
  /// `c3 01`, then the schema's fingerprint (CRC-64-AVRO), eight bytes, little-endian: the
  /// *single-object encoding* of the Avro specification. It needs nobody who hands out ids.
  SINGLE_OBJECT("c301", Long.BYTES),

  /// A zero, then the id that a schema registry has given the schema, four bytes, big-endian: what
  /// Confluent's serializers write.
  CONFLUENT("00", Integer.BYTES);

  private static final int SHOWN_BYTES_MAX = 16;

  private final String marker;
  private final int idBytes;

  /// @param marker as hexadecimal digits
  WireFormat(String marker, int idBytes) {
    this.marker = marker;
    this.idBytes = idBytes;
  }

  /// How many bytes stand before the value.
  int length() {
    return marker.length() / 2 + idBytes;
  }

  byte[] header(long id) {
    ByteBuffer header = ByteBuffer.allocate(length()).put(HexFormat.of().parseHex(marker));
    return idBytes == Long.BYTES
        ? header.order(ByteOrder.LITTLE_ENDIAN).putLong(id).array()
        : header.putInt((int) id).array();
  }

  /// The schema of a record.
  ///
  /// @throws IllegalArgumentException if the bytes do not begin as this format does
  long id(byte[] bytes) {
    if (bytes.length < length() || !beginsAsMarked(bytes)) {
      throw new IllegalArgumentException(
          "expected Avro that begins with "
              + marker
              + " and the "
              + idBytes
              + " bytes of a schema's id, found "
              + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, SHOWN_BYTES_MAX))
              + "; was it written by another serializer, or with another kind of registry?");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).position(marker.length() / 2);
    return idBytes == Long.BYTES
        ? header.order(ByteOrder.LITTLE_ENDIAN).getLong()
        : Integer.toUnsignedLong(header.getInt());
  }

  private boolean beginsAsMarked(byte[] bytes) {
    for (int digit = 0; digit < marker.length(); digit += 2) {
      if ((bytes[digit / 2] & 0xff) != HexFormat.fromHexDigits(marker, digit, digit + 2)) {
        return false;
      }
    }
    return true;
  }
}
