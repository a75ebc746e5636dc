package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The cells of a table partition by key: a hash table with chains, asked with the parts of a key,
/// so that finding what is there makes no object.
///
/// **Keys.** What the store knows as a key is a tag, the start of the window where there is one,
/// and the key as its codec wrote it. Of the last its first and its last eight bytes are kept in
/// the cell as numbers ([Words]). With the length they are all of a key of up to sixteen bytes, so
/// only longer ones are compared where their bytes lie, which is elsewhere in memory.
///
/// **Order.** By hash, which depends on keys alone: the same in each JVM, as a simulation needs.
///
/// Confined to the task's activation.
final class Cells {

  private static final int CAPACITY_MIN = 64;

  private @Nullable Cell[] table = new @Nullable Cell[CAPACITY_MIN];
  private int size;

  /// The parts of a key that are compared first.
  ///
  /// @param shape tag and length
  /// @param start of the window, 0 for none
  /// @param head its first eight bytes; all of it where it is shorter
  /// @param tail its last eight bytes; 0 where it is shorter
  record Words(int shape, long start, long head, long tail, int hash) {

    private static final VarHandle LONGS =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS =
        MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /// Odd numbers with bits all over, the first that of the golden ratio.
    private static final long BY_HEAD = 0x9e3779b97f4a7c15L;

    private static final long BY_TAIL = 0xc2b2ae3d27d4eb4fL;
    private static final long BY_START = 0xd6e8feb86659fd93L;

    /// @param from where in the bytes the key begins that its codec wrote
    static Words of(byte tag, long start, byte[] bytes, int from) {
      int end = bytes.length;
      int length = end - from;
      int shape = (length << Byte.SIZE) | tag;
      long head = head(bytes, from);
      long tail = length < Long.BYTES ? 0 : (long) LONGS.get(bytes, end - Long.BYTES);
      long mixed = head * BY_HEAD + tail * BY_TAIL + start * BY_START + shape;
      for (int at = from + Long.BYTES; at < end - Long.BYTES; at += Long.BYTES) {
        mixed = (mixed ^ (mixed >>> Integer.SIZE) ^ (long) LONGS.get(bytes, at)) * BY_HEAD;
      }
      mixed = (mixed ^ (mixed >>> Integer.SIZE)) * BY_HEAD;
      return new Words(shape, start, head, tail, (int) (mixed >>> Integer.SIZE));
    }

    static Words of(ByteKey key) {
      byte[] bytes = key.bytes();
      return bytes[0] == StoreKeys.WINDOWED
          ? of(bytes[0], StoreKeys.windowStart(bytes), bytes, 1 + Long.BYTES)
          : of(bytes[0], 0, bytes, 1);
    }

    private static long head(byte[] bytes, int from) {
      int length = bytes.length - from;
      if (length >= Long.BYTES) {
        return (long) LONGS.get(bytes, from);
      }
      if (length >= Integer.BYTES) {
        // the halves overlap, and the length says by how much
        return ((long) (int) INTS.get(bytes, from) << Integer.SIZE)
            | ((int) INTS.get(bytes, bytes.length - Integer.BYTES) & 0xffff_ffffL);
      }
      long head = 0;
      for (int i = from; i < bytes.length; i++) {
        head = (head << Byte.SIZE) | (bytes[i] & 0xff);
      }
      return head;
    }

    private boolean isAllOfTheKey() {
      return shape >>> Byte.SIZE <= 2 * Long.BYTES;
    }

    private boolean equals(Words other, byte[] bytes, int from, ByteKey otherKey) {
      return hash == other.hash
          && head == other.head
          && tail == other.tail
          && start == other.start
          && shape == other.shape
          && (isAllOfTheKey() || endsWith(otherKey.bytes(), bytes, from));
    }

    private static boolean endsWith(byte[] stored, byte[] bytes, int from) {
      int length = bytes.length - from;
      return Arrays.equals(
          stored, stored.length - length, stored.length, bytes, from, bytes.length);
    }
  }

  /// The cell of a key of a plain table, as its codec wrote it; null if there is none.
  @Nullable Cell find(byte[] key) {
    return find(Words.of(StoreKeys.PLAIN, 0, key, 0), key, 0);
  }

  /// The cell of a key in a window.
  @Nullable Cell find(long windowStart, byte[] key) {
    return find(Words.of(StoreKeys.WINDOWED, windowStart, key, 0), key, 0);
  }

  /// The cell of a key as the store knows it.
  @Nullable Cell find(ByteKey key) {
    int from = key.bytes()[0] == StoreKeys.WINDOWED ? 1 + Long.BYTES : 1;
    return find(Words.of(key), key.bytes(), from);
  }

  private @Nullable Cell find(Words words, byte[] bytes, int from) {
    for (Cell cell = table[words.hash() & (table.length - 1)]; cell != null; cell = cell.next) {
      if (words.equals(cell.words, bytes, from, cell.key)) {
        return cell;
      }
    }
    return null;
  }

  /// Adds a cell whose key has none.
  void add(Cell cell) {
    if (size >= table.length - table.length / 4) {
      grow();
    }
    link(cell);
    size++;
  }

  private void link(Cell cell) {
    int place = cell.words.hash() & (table.length - 1);
    cell.next = table[place];
    table[place] = cell;
  }

  private void grow() {
    @Nullable Cell[] old = table;
    table = new @Nullable Cell[2 * old.length];
    for (Cell first : old) {
      for (Cell cell = first; cell != null; ) {
        Cell next = cell.next;
        link(cell);
        cell = next;
      }
    }
  }

  void remove(Cell gone) {
    removeIf(gone.words.hash() & (table.length - 1), cell -> cell == gone);
  }

  /// Removes cells, asking each once.
  void removeIf(Predicate<Cell> condition) {
    for (int place = 0; place < table.length; place++) {
      removeIf(place, condition);
    }
  }

  private void removeIf(int place, Predicate<Cell> condition) {
    Cell before = null;
    for (Cell cell = table[place]; cell != null; cell = cell.next) {
      if (!condition.test(cell)) {
        before = cell;
        continue;
      }
      size--;
      if (before == null) {
        table[place] = cell.next;
      } else {
        before.next = cell.next;
      }
    }
  }

  /// Visits all cells.
  void forEach(Consumer<Cell> visitor) {
    for (Cell first : table) {
      for (Cell cell = first; cell != null; cell = cell.next) {
        visitor.accept(cell);
      }
    }
  }

  int size() {
    return size;
  }
}
