package dev.gretchen.engine.internal.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A key as bytes, with its hash; ordered as unsigned bytes, as RocksDB orders.
public final class ByteKey implements Comparable<ByteKey> {

  private final byte[] bytes;
  private final int hash;

  /// @param bytes not to be changed afterwards
  public ByteKey(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  public byte[] bytes() {
    return bytes;
  }

  @Override
  public int compareTo(ByteKey other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ByteKey key && hash == key.hash && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
