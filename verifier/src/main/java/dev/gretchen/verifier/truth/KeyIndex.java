package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.Mix;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Numbers byte strings densely from 0 in the order of their first appearance, so that all else
/// that is known of a key can lie in plain `long` columns.
///
/// Open addressing with linear probing over a table of slots, keys in one growing arena: about 28
/// bytes and the key itself for each, no object per key. A million keys fit in 50 MiB.
public final class KeyIndex {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private int[] table = new int[64];
  private long[] hashes = new long[32];
  private int[] starts = new int[33];
  private byte[] arena = new byte[512];
  private int size;

  /// How many keys there are.
  public int size() {
    return size;
  }

  /// The number of a key, -1 where it was never added.
  public int find(byte[] bytes, int from) {
    return table[probe(bytes, from, hash(bytes, from))] - 1;
  }

  /// The number of a key, added where it is new.
  public int add(byte[] bytes, int from) {
    long hash = hash(bytes, from);
    int at = probe(bytes, from, hash);
    if (table[at] == 0) {
      append(bytes, from, hash);
      table[at] = size;
      if (size * 2 > table.length) {
        grow();
      }
      return size - 1;
    }
    return table[at] - 1;
  }

  /// A copy of the key of a number.
  public byte[] key(int slot) {
    return Arrays.copyOfRange(arena, starts[slot], starts[slot + 1]);
  }

  private int probe(byte[] bytes, int from, long hash) {
    int mask = table.length - 1;
    int at = (int) hash & mask;
    while (table[at] != 0 && !equal(table[at] - 1, bytes, from, hash)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private boolean equal(int slot, byte[] bytes, int from, long hash) {
    return hashes[slot] == hash
        && Arrays.equals(arena, starts[slot], starts[slot + 1], bytes, from, bytes.length);
  }

  private void append(byte[] bytes, int from, long hash) {
    int length = bytes.length - from;
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, size * 2);
      starts = Arrays.copyOf(starts, size * 2 + 1);
    }
    int start = starts[size];
    if (start + length > arena.length) {
      arena = Arrays.copyOf(arena, Math.max(arena.length * 2, start + length));
    }
    System.arraycopy(bytes, from, arena, start, length);
    hashes[size] = hash;
    starts[++size] = start + length;
  }

  private void grow() {
    table = new int[table.length * 2];
    int mask = table.length - 1;
    for (int slot = 0; slot < size; slot++) {
      int at = (int) hashes[slot] & mask;
      while (table[at] != 0) {
        at = (at + 1) & mask;
      }
      table[at] = slot + 1;
    }
  }

  private static long hash(byte[] bytes, int from) {
    long hash = (long) bytes.length - from;
    int i = from;
    for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
      hash = (hash ^ (long) LONGS.get(bytes, i)) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 32;
    }
    long rest = 0;
    for (; i < bytes.length; i++) {
      rest = rest << 8 | (bytes[i] & 0xff);
    }
    return Mix.mix(hash ^ rest);
  }
}
