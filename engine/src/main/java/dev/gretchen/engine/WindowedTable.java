package dev.gretchen.engine;

import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.task.TablePartition;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;

/// A table with a value per key and window of event time. Windows are tumbling: half-open ranges
/// `[n * size, (n + 1) * size)` of epoch milliseconds.
///
/// Stream time is the highest timestamp of the partition so far, the current event included; it is
/// kept with the data and survives restarts. A window is kept until stream time has passed its end
/// by the retention, then deleted from store and changelog alike. An event for such a window is
/// late. Everything else as in [Table].
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class WindowedTable<K, V> implements DeclaredTable<K, V> {

  private final String name;
  private final String label;
  private final Codec<K> keys;
  private final TableValues<V> values;
  private final long sizeMillis;
  private final long retentionMillis;

  WindowedTable(
      String name, Codec<K> keys, TableValues<V> values, long sizeMillis, long retentionMillis) {
    this.name = name;
    this.label = "table " + name;
    this.keys = keys;
    this.values = values;
    this.sizeMillis = sizeMillis;
    this.retentionMillis = retentionMillis;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Codec<K> keys() {
    return keys;
  }

  @Override
  public Codec<V> values() {
    return values.codec();
  }

  /// The size of its windows.
  public Duration size() {
    return Duration.ofMillis(sizeMillis);
  }

  /// Merges something into the key's value in the current event's window.
  ///
  /// @return the new value; empty if the event is late, in which case nothing changes
  public <E> Optional<V> merge(
      K key, E item, BiFunction<? super V, ? super E, ? extends V> function) {
    CurrentEvent event = CurrentEvent.required(label);
    long start = windowStart(event.timestamp());
    if (start + sizeMillis + retentionMillis <= event.streamTime()) {
      event.late(name);
      return Optional.empty();
    }
    TablePartition partition = event.table(name);
    byte[] encoded = event.encoded(key, keys);
    partition.requireOwn(encoded);
    return Optional.of(values.merge(partition, partition.at(start, encoded), item, function));
  }

  /// The key's value in the current event's window; empty if there is none.
  public Optional<V> current(K key) {
    return at(key, CurrentEvent.required(label).timestamp());
  }

  /// The key's value in the window that holds a moment.
  ///
  /// @param epochMillis event time
  public Optional<V> at(K key, long epochMillis) {
    CurrentEvent event = CurrentEvent.required(label);
    byte[] encoded = event.encoded(key, keys);
    TablePartition partition = event.table(name);
    partition.requireOwn(encoded);
    return Optional.ofNullable(
        values.read(partition, partition.at(windowStart(epochMillis), encoded)));
  }

  private long windowStart(long epochMillis) {
    return Math.floorDiv(epochMillis, sizeMillis) * sizeMillis;
  }

  @Override
  public String toString() {
    return "windowed table " + name;
  }
}
