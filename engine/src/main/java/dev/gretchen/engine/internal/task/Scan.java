package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.KeyRange;
import dev.gretchen.engine.internal.store.StorePartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads entries in the order of their keys: what is not in the store yet, over the store.
///
/// The store is read page by page, and may take in an epoch meanwhile. What that epoch changes is
/// among what the scan was given over the store, with the same values or newer ones, so it sees the
/// table as it was when it began.
///
/// @param over values that the store may not know yet, null where a key is deleted
/// @param counts which values are there at all
record Scan<V>(
    StorePartition store,
    NavigableMap<ByteKey, @Nullable Object> over,
    Codec<V> codec,
    Predicate<? super V> counts) {

  private static final int PAGE_MIN = 64;

  /// @param limit how many entries at the most
  List<EventTable.Found<V>> of(KeyRange range, int limit) {
    List<EventTable.Found<V>> found = new ArrayList<>();
    ByteKey from = range.from();
    while (true) {
      int page = Math.max(PAGE_MIN, limit - found.size());
      List<byte[]> stored = store.keys(from.bytes(), key -> range.contains(new ByteKey(key)), page);
      boolean isLast = stored.size() < page;
      ByteKey end = isLast ? range.to() : new ByteKey(stored.getLast());
      for (ByteKey key : together(stored, from, end, !isLast)) {
        V value = value(key);
        if (value != null && counts.test(value)) {
          found.add(new EventTable.Found<>(key, value));
          if (found.size() == limit) {
            return found;
          }
        }
      }
      if (isLast) {
        return found;
      }
      from = new ByteKey(Arrays.copyOf(end.bytes(), end.bytes().length + 1));
    }
  }

  private List<ByteKey> together(List<byte[]> stored, ByteKey from, ByteKey end, boolean withEnd) {
    TreeSet<ByteKey> keys = new TreeSet<>(over.subMap(from, true, end, withEnd).keySet());
    stored.forEach(key -> keys.add(new ByteKey(key)));
    return List.copyOf(keys);
  }

  @SuppressWarnings("unchecked") // whatever a cell holds was given or decoded with the same codec
  private @Nullable V value(ByteKey key) {
    if (over.containsKey(key)) {
      return (V) over.get(key);
    }
    byte[] bytes = store.get(key.bytes());
    return bytes == null ? null : codec.decode(bytes);
  }
}
