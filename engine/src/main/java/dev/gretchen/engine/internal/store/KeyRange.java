package dev.gretchen.engine.internal.store;

import java.util.Arrays;

/// Keys of a table that stand together in the order of their bytes.
///
/// @param from the first key that may be in it
/// @param to the first that is behind it
public record KeyRange(ByteKey from, ByteKey to) {

  /// From a key to another, the second excluded, both as their codec writes them.
  public static KeyRange between(byte[] from, byte[] to) {
    return new KeyRange(StoreKeys.plain(from), StoreKeys.plain(to));
  }

  /// All keys that begin with some bytes; every key of the table for none.
  public static KeyRange prefixed(byte[] prefix) {
    ByteKey from = StoreKeys.plain(prefix);
    return new KeyRange(from, behind(from.bytes()));
  }

  /// What is left of it behind one of its keys.
  public KeyRange after(ByteKey key) {
    byte[] bytes = key.bytes();
    return new KeyRange(new ByteKey(Arrays.copyOf(bytes, bytes.length + 1)), to);
  }

  public boolean isEmpty() {
    return from.compareTo(to) >= 0;
  }

  public boolean contains(ByteKey key) {
    return from.compareTo(key) <= 0 && key.compareTo(to) < 0;
  }

  /// The first key behind all that begin with some bytes. There is one, since the first byte is a
  /// tag.
  private static ByteKey behind(byte[] prefix) {
    int length = prefix.length;
    while (prefix[length - 1] == (byte) 0xff) {
      length--;
    }
    byte[] behind = Arrays.copyOf(prefix, length);
    behind[length - 1]++;
    return new ByteKey(behind);
  }
}
