package dev.gretchen.engine.internal.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A key as bytes, with its hash; ordered as unsigned bytes, as RocksDB orders.
///
/// The first eight bytes are kept as a number, big-endian and filled up with zeros. Two keys whose
/// numbers differ are ordered as these; short keys are equal if their numbers and lengths are. So
/// sorting and looking up seldom go to the bytes, which lie elsewhere in memory.
public final class ByteKey implements Comparable<ByteKey> {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private final int length;
  private final int hash;
  private final long prefix;

  /// @param bytes not to be changed afterwards
  public ByteKey(byte[] bytes) {
    this.bytes = bytes;
    this.length = bytes.length;
    this.hash = Arrays.hashCode(bytes);
    this.prefix = prefixOf(bytes);
  }

  private static long prefixOf(byte[] bytes) {
    if (bytes.length >= Long.BYTES) {
      return (long) LONGS.get(bytes, 0);
    }
    long prefix = 0;
    for (int i = 0; i < bytes.length; i++) {
      prefix |= (bytes[i] & 0xffL) << (Long.SIZE - Byte.SIZE * (i + 1));
    }
    return prefix;
  }

  public byte[] bytes() {
    return bytes;
  }

  @Override
  public int compareTo(ByteKey other) {
    return prefix == other.prefix
        ? Arrays.compareUnsigned(bytes, other.bytes)
        : Long.compareUnsigned(prefix, other.prefix);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ByteKey key
        && hash == key.hash
        && prefix == key.prefix
        && length == key.length
        && (length <= Long.BYTES || Arrays.equals(bytes, key.bytes));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
