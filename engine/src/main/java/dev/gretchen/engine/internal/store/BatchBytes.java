package dev.gretchen.engine.internal.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// A write batch of one column family, made in RocksDB's own serial form.
///
/// `WriteBatch` takes its entries one by one, and each goes through the native interface, which
/// copies key and value twice. So made, the whole batch goes there at once.
///
/// The form, which RocksDB also writes to its logs and hands out as `WriteBatch.data()`: a sequence
/// number (8 bytes, set by the write itself), the number of entries (4 bytes, little-endian), and
/// for each entry a tag, the family's id, the length of the key and the key, and for a put the
/// length of the value and the value; ids and lengths as varints of 7 bits a byte. Source:
/// RocksDB's `write_batch.cc` and `dbformat.h`.
///
/// Not thread-safe.
final class BatchBytes {

  private static final byte DELETE = 0x4;
  private static final byte PUT = 0x5;
  private static final int COUNT_AT = Long.BYTES;
  private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;
  private static final int VARINT_BYTES_MAX = 5;
  private static final int VARINT_MORE = 0x80;
  private static final int VARINT_BITS = 7;
  private static final int CAPACITY_MIN = 1 << 10;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final int family;
  private byte[] bytes;
  private int length = HEADER_BYTES;
  private int entries;

  /// @param family the id of the column family
  /// @param entriesExpected about how many there will be
  /// @param bytesOfOne about how long each is
  BatchBytes(int family, int entriesExpected, int bytesOfOne) {
    this.family = family;
    long capacity = HEADER_BYTES + (long) entriesExpected * bytesOfOne;
    this.bytes = new byte[(int) Math.clamp(capacity, CAPACITY_MIN, 1L << 24)];
  }

  void put(byte[] key, byte[] value) {
    require(1 + 3 * VARINT_BYTES_MAX + (long) key.length + value.length);
    bytes[length++] = PUT;
    writeVarint(family);
    write(key);
    write(value);
    entries++;
  }

  void delete(byte[] key) {
    require(1 + 2 * VARINT_BYTES_MAX + (long) key.length);
    bytes[length++] = DELETE;
    writeVarint(family);
    write(key);
    entries++;
  }

  /// The batch; to be closed.
  WriteBatch batch() throws RocksDBException {
    INTS.set(bytes, COUNT_AT, entries);
    return new WriteBatch(Arrays.copyOf(bytes, length));
  }

  private void write(byte[] part) {
    writeVarint(part.length);
    System.arraycopy(part, 0, bytes, length, part.length);
    length += part.length;
  }

  private void writeVarint(int number) {
    int rest = number;
    while (rest >= VARINT_MORE) {
      bytes[length++] = (byte) (rest | VARINT_MORE);
      rest >>>= VARINT_BITS;
    }
    bytes[length++] = (byte) rest;
  }

  private void require(long more) {
    long needed = length + more;
    if (needed > bytes.length) {
      if (needed > Integer.MAX_VALUE - Long.BYTES) {
        throw new IllegalArgumentException("a batch of " + needed + " bytes is too large to write");
      }
      bytes =
          Arrays.copyOf(
              bytes,
              (int) Math.min(Math.max(needed, 2L * bytes.length), Integer.MAX_VALUE - Long.BYTES));
    }
  }
}
