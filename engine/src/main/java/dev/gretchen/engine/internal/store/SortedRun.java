package dev.gretchen.engine.internal.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// Changes in the order in which they came, to be visited in the order of their keys, each key once
/// with its last change.
///
/// **How.** Keys and values lie one after another outside of the heap, where RocksDB reads them
/// without a copy, and where a collector has nothing to do. For each stands one number in an array:
/// five bytes of its key, and below them its address. Sorting these numbers, which the JDK does
/// with vector instructions, sorts by key as far as the five bytes tell keys apart, and equal ones
/// by age; only neighbours that agree in them are compared as bytes. The five bytes are those
/// behind what all keys of the run have in common, such as a tag, a word or the head of a time.
///
/// The few keys of the engine itself would spoil what all have in common; they are kept apart.
///
/// Thread: one.
final class SortedRun implements AutoCloseable {

  /// An address counts these, so that 24 bits of it reach 128 MB.
  private static final int UNIT = Long.BYTES;

  private static final int ADDRESS_BITS = 24;
  private static final long ADDRESS_MASK = (1L << ADDRESS_BITS) - 1;

  /// Bytes that one run can hold.
  static final long BYTES_MAX = UNIT << ADDRESS_BITS;

  private static final int BYTES_FIRST = 1 << 20;
  private static final int ENTRIES_FIRST = 1 << 12;

  /// Lengths of key and value.
  private static final int HEADER = 2 * Integer.BYTES;

  private static final int DELETED = -1;

  /// As many neighbours are sorted in place.
  private static final int FEW = 16;

  /// Behind the last entry there is room for reading a whole number.
  private static final int SLACK = Long.BYTES;

  private final TreeMap<ByteKey, Optional<byte[]>> reserved = new TreeMap<>();
  private Arena arena = Arena.ofConfined();
  private MemorySegment memory = arena.allocate(BYTES_FIRST, UNIT);
  private ByteBuffer bytes = memory.asByteBuffer();
  private long[] entries = new long[ENTRIES_FIRST];
  private int count;
  private long used;
  private byte[] first = {};
  private int common;

  /// Takes one change.
  interface Visitor {

    /// Key and value between position and limit.
    void put(ByteBuffer key, ByteBuffer value) throws RocksDBException;

    void delete(byte[] key) throws RocksDBException;
  }

  /// Bytes taken, by which runs are bounded.
  long bytes() {
    return used;
  }

  boolean isEmpty() {
    return count == 0 && reserved.isEmpty();
  }

  /// @throws IllegalStateException where it would hold more than [#BYTES_MAX]
  void add(byte[] key, byte @Nullable [] value) {
    if (key[0] == StoreKeys.RESERVED) {
      reserved.put(new ByteKey(key), Optional.ofNullable(value));
      return;
    }
    int length = value == null ? 0 : value.length;
    long end = (used + HEADER + key.length + length + UNIT - 1) / UNIT * UNIT;
    makeRoom(end + SLACK);
    int at = (int) used;
    bytes.putInt(at, key.length);
    bytes.putInt(at + Integer.BYTES, value == null ? DELETED : length);
    bytes.put(at + HEADER, key);
    if (value != null) {
      bytes.put(at + HEADER + key.length, value);
    }
    if (count == 0) {
      first = key;
      common = key.length;
    } else {
      int differs = Arrays.mismatch(first, 0, common, key, 0, Math.min(common, key.length));
      common = differs < 0 ? common : differs;
    }
    if (count == entries.length) {
      entries = Arrays.copyOf(entries, 2 * count);
    }
    entries[count++] = used / UNIT;
    used = end;
  }

  private void makeRoom(long needed) {
    if (needed <= memory.byteSize()) {
      return;
    }
    if (needed > BYTES_MAX) {
      throw new IllegalStateException(
          "a run of changes holds " + BYTES_MAX + " bytes at most, and would need " + needed);
    }
    long size = memory.byteSize();
    while (size < needed) {
      size = Math.min(2 * size, BYTES_MAX);
    }
    Arena larger = Arena.ofConfined();
    MemorySegment roomy = larger.allocate(size, UNIT);
    MemorySegment.copy(memory, 0, roomy, 0, used);
    arena.close();
    arena = larger;
    memory = roomy;
    bytes = roomy.asByteBuffer();
  }

  /// Visits the last change of each key, in the order of keys, and leaves the run empty.
  ///
  /// @param more a reserved key that stands among them
  void drain(ByteKey more, byte[] value, Visitor visitor) throws RocksDBException {
    reserved.put(more, Optional.of(value));
    for (var entry : reserved.entrySet()) {
      byte[] key = entry.getKey().bytes();
      if (entry.getValue().isPresent()) {
        visitor.put(direct(key), direct(entry.getValue().get()));
      } else {
        visitor.delete(key);
      }
    }
    sort();
    ByteBuffer keys = bytes.duplicate();
    ByteBuffer values = bytes.duplicate();
    for (int i = 0; i < count; i++) {
      if (i + 1 < count && compare(entries[i], entries[i + 1]) == 0) {
        continue;
      }
      int at = address(entries[i]);
      int key = at + HEADER;
      int end = key + bytes.getInt(at);
      int length = bytes.getInt(at + Integer.BYTES);
      if (length == DELETED) {
        byte[] deleted = new byte[end - key];
        bytes.get(key, deleted);
        visitor.delete(deleted);
      } else {
        visitor.put(keys.limit(end).position(key), values.limit(end + length).position(end));
      }
    }
    clear();
  }

  /// Empties it; what it has of memory it keeps.
  void clear() {
    reserved.clear();
    count = 0;
    used = 0;
  }

  private static ByteBuffer direct(byte[] content) {
    return ByteBuffer.allocateDirect(content.length).put(content).flip();
  }

  /// By key, and equal keys by age.
  private void sort() {
    for (int i = 0; i < count; i++) {
      entries[i] =
          (fiveBytes((int) entries[i] * UNIT) << ADDRESS_BITS | entries[i]) ^ Long.MIN_VALUE;
    }
    Arrays.sort(entries, 0, count);
    for (int from = 0; from < count; ) {
      int to = from + 1;
      while (to < count && (entries[from] ^ entries[to]) >>> ADDRESS_BITS == 0) {
        to++;
      }
      if (to - from > FEW) {
        sortMany(from, to);
      } else {
        sortFew(from, to);
      }
      from = to;
    }
  }

  /// The key's bytes behind what all have in common, filled up with zeros, as a number.
  private long fiveBytes(int at) {
    int left = bytes.getInt(at) - common;
    if (left <= 0) {
      return 0;
    }
    long eight = bytes.getLong(at + HEADER + common);
    int foreign = Math.max(0, Long.BYTES - left) * Byte.SIZE;
    return (eight >>> foreign << foreign) >>> ADDRESS_BITS;
  }

  private void sortFew(int from, int to) {
    for (int i = from + 1; i < to; i++) {
      long moved = entries[i];
      int place = i;
      while (place > from && compare(entries[place - 1], moved) > 0) {
        entries[place] = entries[place - 1];
        place--;
      }
      entries[place] = moved;
    }
  }

  /// A stable sort, as the other is.
  private void sortMany(int from, int to) {
    Long[] many = Arrays.stream(entries, from, to).boxed().toArray(Long[]::new);
    Arrays.sort(many, this::compare);
    for (int i = 0; i < many.length; i++) {
      entries[from + i] = many[i];
    }
  }

  /// Keys as unsigned bytes.
  private int compare(long entry, long other) {
    if ((entry ^ other) >>> ADDRESS_BITS != 0) {
      return Long.compare(entry, other);
    }
    int key = address(entry) + HEADER;
    int keyEnd = key + bytes.getInt(key - HEADER);
    int second = address(other) + HEADER;
    int secondEnd = second + bytes.getInt(second - HEADER);
    long differs = MemorySegment.mismatch(memory, key, keyEnd, memory, second, secondEnd);
    if (differs < 0) {
      return 0;
    }
    if (key + differs == keyEnd || second + differs == secondEnd) {
      return (keyEnd - key) - (secondEnd - second);
    }
    return Byte.compareUnsigned(
        memory.get(ValueLayout.JAVA_BYTE, key + differs),
        memory.get(ValueLayout.JAVA_BYTE, second + differs));
  }

  private static int address(long entry) {
    return (int) (entry & ADDRESS_MASK) * UNIT;
  }

  @Override
  public void close() {
    clear();
    arena.close();
  }
}
