package dev.gretchen.engine;

import dev.gretchen.engine.internal.global.GlobalCopy;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Reads a worker's copy of a global table, outside handlers, from any thread.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class GlobalView<K, V> {

  private final GlobalTable<K, V> table;
  private final GlobalCopy copy;

  GlobalView(GlobalTable<K, V> table, GlobalCopy copy) {
    this.table = table;
    this.copy = copy;
  }

  /// The value of a key; empty if there is none.
  public Optional<V> get(K key) {
    return table.get(copy, key);
  }

  /// How many keys have a value.
  public int size() {
    return copy.size();
  }

  /// Visits all keys, in no order.
  public void forEach(BiConsumer<? super K, ? super V> visitor) {
    copy.forEach((key, value) ->
        visitor.accept(table.topic().keys().decode(key), table.topic().values().decode(value)));
  }
}
