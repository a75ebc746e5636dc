package dev.gretchen.engine;

import dev.gretchen.engine.internal.task.Cell;
import dev.gretchen.engine.internal.task.TablePartition;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How the values of a table are read, merged and written, whatever its keys are.
///
/// @param initial what a merge starts from where a key has no value
record TableValues<V>(Codec<V> codec, Supplier<V> initial) {

  /// The value of a key, or null.
  @Nullable V read(TablePartition partition, Cell cell) {
    return partition.read(cell, codec);
  }

  void write(TablePartition partition, Cell cell, @Nullable V value) {
    partition.write(cell, value, codec);
  }

  <E> V merge(
      TablePartition partition,
      Cell cell,
      E item,
      BiFunction<? super V, ? super E, ? extends V> function) {
    V before = read(partition, cell);
    V after = function.apply(before == null ? initial.get() : before, item);
    write(partition, cell, after);
    return after;
  }
}
