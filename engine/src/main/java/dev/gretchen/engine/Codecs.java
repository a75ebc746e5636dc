package dev.gretchen.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/// The codecs that come with the engine.
public final class Codecs {

  private static final JsonMapper JSON = JsonMapper.shared();

  private Codecs() {}

  /// Text as UTF-8; other bytes are refused, not replaced.
  public static Codec<String> utf8() {
    return Utf8.CODEC;
  }

  /// Bytes as they are.
  public static Codec<byte[]> bytes() {
    return Bytes.CODEC;
  }

  /// 64-bit integers, big-endian. In the order of their bytes the negative ones stand behind the
  /// others; where ranges of keys are asked for, see [#orderedInt64].
  public static Codec<Long> int64() {
    return Int64.PLAIN;
  }

  /// 64-bit integers whose bytes are in the order of the numbers: big-endian, the sign turned over.
  public static Codec<Long> orderedInt64() {
    return Int64.ORDERED;
  }

  /// Records and beans as JSON.
  public static <T> Codec<T> json(Class<T> type) {
    return new Json<>(JSON.writerFor(type), JSON.readerFor(type));
  }

  private enum Utf8 implements Codec<String> {
    CODEC;

    private static final int SHOWN_BYTES_MAX = 64;

    /// What Java puts in the place of bytes that are no text. Left there, different keys would
    /// become one.
    private static final char REPLACEMENT = '\uFFFD';

    @Override
    public byte[] encode(String value) {
      return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (text.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(encode(text), bytes)) {
        throw new IllegalArgumentException(
            "expected UTF-8, found bytes that are none: "
                + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, SHOWN_BYTES_MAX)));
      }
      return text;
    }

    @Override
    public boolean isOneToOne() {
      return true;
    }
  }

  private enum Bytes implements Codec<byte[]> {
    CODEC;

    @Override
    public byte[] encode(byte[] value) {
      return value;
    }

    @Override
    public byte[] decode(byte[] bytes) {
      return bytes;
    }

    @Override
    public boolean isOneToOne() {
      return true;
    }
  }

  private enum Int64 implements Codec<Long> {
    PLAIN(0),
    ORDERED(Long.MIN_VALUE);

    private final long turned;

    Int64(long turned) {
      this.turned = turned;
    }

    @Override
    public byte[] encode(Long value) {
      return ByteBuffer.allocate(Long.BYTES).putLong(value ^ turned).array();
    }

    @Override
    public Long decode(byte[] bytes) {
      if (bytes.length != Long.BYTES) {
        throw new IllegalArgumentException(
            "expected 8 bytes for a 64-bit integer, found " + bytes.length);
      }
      return ByteBuffer.wrap(bytes).getLong() ^ turned;
    }

    @Override
    public boolean isOneToOne() {
      return true;
    }
  }

  private record Json<T>(ObjectWriter writer, ObjectReader reader) implements Codec<T> {

    @Override
    public byte[] encode(T value) {
      return writer.writeValueAsBytes(value);
    }

    @Override
    public T decode(byte[] bytes) {
      T value = reader.readValue(bytes);
      if (value == null) {
        throw new IllegalArgumentException("the JSON value is null");
      }
      return value;
    }
  }
}
