package dev.gretchen.avro;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// How a record says by which schema it was written.
public enum WireFormat {
  /// `c3 01`, then the schema's fingerprint (CRC-64-AVRO), eight bytes, little-endian: the
  /// *single-object encoding* of the Avro specification. It needs nobody who hands out ids.
  SINGLE_OBJECT(new byte[] {(byte) 0xc3, 0x01}, Long.BYTES, ByteOrder.LITTLE_ENDIAN),

  /// A zero, then the id that a schema registry has given the schema, four bytes, big-endian: what
  /// Confluent's serializers write.
  CONFLUENT(new byte[] {0}, Integer.BYTES, ByteOrder.BIG_ENDIAN);

  private static final int SHOWN_BYTES_MAX = 16;

  private final byte[] marker;
  private final int idBytes;
  private final ByteOrder order;

  WireFormat(byte[] marker, int idBytes, ByteOrder order) {
    this.marker = marker;
    this.idBytes = idBytes;
    this.order = order;
  }

  /// How many bytes stand before the value.
  int length() {
    return marker.length + idBytes;
  }

  byte[] header(long id) {
    ByteBuffer header = ByteBuffer.allocate(length()).order(order).put(marker);
    return (idBytes == Long.BYTES ? header.putLong(id) : header.putInt((int) id))
        .array();
  }

  /// The schema of a record.
  ///
  /// @throws IllegalArgumentException if the bytes do not begin as this format does
  long id(byte[] bytes) {
    boolean fits = bytes.length >= length();
    for (int i = 0; fits && i < marker.length; i++) {
      fits = bytes[i] == marker[i];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "expected Avro that begins with "
              + HexFormat.of().formatHex(marker)
              + " and the "
              + idBytes
              + " bytes of a schema's id, found "
              + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, SHOWN_BYTES_MAX))
              + "; was it written by another serializer, or with another kind of registry?");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).order(order).position(marker.length);
    return idBytes == Long.BYTES ? header.getLong() : Integer.toUnsignedLong(header.getInt());
  }
}
