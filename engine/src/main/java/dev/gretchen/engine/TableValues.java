package dev.gretchen.engine;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.task.TablePartition;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How the values of a table are read, merged and written, whatever its keys are.
///
/// @param initial what a merge starts from where a key has no value
record TableValues<V>(Codec<V> codec, Supplier<V> initial) {

  /// The value of a key, or null.
  @Nullable V read(TablePartition partition, ByteKey key) {
    return partition.read(key, codec);
  }

  void write(TablePartition partition, ByteKey key, @Nullable V value) {
    partition.write(key, value, codec);
  }

  <E> V merge(
      TablePartition partition,
      ByteKey key,
      E item,
      BiFunction<? super V, ? super E, ? extends V> function) {
    V before = read(partition, key);
    V after = function.apply(before == null ? initial.get() : before, item);
    write(partition, key, after);
    return after;
  }
}
