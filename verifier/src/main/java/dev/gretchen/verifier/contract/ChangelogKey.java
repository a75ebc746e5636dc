package dev.gretchen.verifier.contract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A key of a changelog or of a store's entries, decoded by its tag byte.
public sealed interface ChangelogKey {

  /// Tag of a record that belongs to the engine; a judge skips it.
  byte RESERVED = 0x00;

  /// Tag of data of a plain table.
  byte PLAIN = 0x01;

  /// Tag of data of a windowed table.
  byte WINDOWED = 0x02;

  /// Tag of the engine's lists of a table of sessions; a judge skips them.
  byte LISTED = 0x03;

  /// Whether a key is one of the engine's own.
  static boolean isReserved(byte[] key) {
    return key.length > 0 && (key[0] == RESERVED || key[0] == LISTED);
  }

  /// A key of a plain table.
  @SuppressWarnings("ArrayRecordComponent")
  record Plain(byte[] key) implements ChangelogKey {}

  /// A key in one window of a windowed table.
  ///
  /// @param windowStart epoch milliseconds
  @SuppressWarnings("ArrayRecordComponent")
  record Windowed(long windowStart, byte[] key) implements ChangelogKey {}

  /// A record of the engine's own.
  record Reserved() implements ChangelogKey {}

  /// Decodes a key; null where the bytes follow no form of the contract.
  static @Nullable ChangelogKey decode(byte @Nullable [] bytes) {
    if (bytes == null || bytes.length == 0) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    return switch (bytes[0]) {
      case RESERVED, LISTED -> new Reserved();
      case PLAIN -> new Plain(rest(buffer));
      case WINDOWED ->
          buffer.remaining() < Long.BYTES ? null : new Windowed(buffer.getLong(), rest(buffer));
      default -> null;
    };
  }

  /// The bytes of a plain table's key.
  static byte[] plain(byte[] key) {
    return ByteBuffer.allocate(1 + key.length).put(PLAIN).put(key).array();
  }

  /// The bytes of a windowed table's key.
  static byte[] windowed(long windowStart, byte[] key) {
    return ByteBuffer.allocate(9 + key.length).put(WINDOWED).putLong(windowStart).put(key).array();
  }

  /// A changelog key in words, for sentences.
  static String describe(byte @Nullable [] bytes) {
    return switch (decode(bytes)) {
      case Plain(byte[] key) -> text(key);
      case Windowed(long start, byte[] key) -> text(key) + " in " + Instant.ofEpochMilli(start);
      case Reserved _ -> "(the engine's own)";
      case null -> "(a key outside the contract)";
    };
  }

  private static byte[] rest(ByteBuffer buffer) {
    byte[] rest = new byte[buffer.remaining()];
    buffer.get(rest);
    return rest;
  }

  private static String text(byte[] key) {
    return "key " + new String(key, StandardCharsets.UTF_8);
  }
}
