package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.KeyRange;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The cells of a table partition that the store may not know yet, in the order of their keys: what
/// a scan lays over the store. Only a table that is scanned has them in order.
///
/// As [TablePartition].
final class Unstored {

  /// Cells below which none is looked at again.
  static final int TRIM_BEYOND = 1_000;

  private final NavigableMap<ByteKey, Cell> cells = new TreeMap<>();
  private int trimBeyond = TRIM_BEYOND;
  private long forgottenUpTo = Long.MIN_VALUE;

  /// A cell has changed; in the place of an earlier one of its key.
  void add(Cell cell) {
    cells.put(cell.key, cell);
  }

  int size() {
    return cells.size();
  }

  /// The values of a range of keys, null where a key is deleted.
  ///
  /// @param appliedEpoch the last epoch whose changes the store holds
  NavigableMap<ByteKey, @Nullable Object> values(KeyRange range, long appliedEpoch) {
    forget(appliedEpoch);
    NavigableMap<ByteKey, @Nullable Object> values = new TreeMap<>();
    cells
        .subMap(range.from(), true, range.to(), false)
        .forEach((key, cell) -> values.put(key, cell.value()));
    return values;
  }

  /// Forgets what the store holds, where that has become much: a table that was scanned once would
  /// keep every key for ever. Cheap where it is called often.
  void trim(long appliedEpoch) {
    if (cells.size() > trimBeyond) {
      forget(appliedEpoch);
      trimBeyond = Math.max(TRIM_BEYOND, 2 * cells.size());
    }
  }

  /// Only where the store has taken in more since: whatever was added meanwhile is newer than that,
  /// and a table that each event scans would be gone through with each event.
  private void forget(long appliedEpoch) {
    if (appliedEpoch != forgottenUpTo) {
      cells.values().removeIf(cell -> cell.isClean(appliedEpoch));
      forgottenUpTo = appliedEpoch;
    }
  }
}
