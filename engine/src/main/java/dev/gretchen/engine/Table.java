package dev.gretchen.engine;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.KeyRange;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.task.Cell;
import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.task.EventTable;
import dev.gretchen.engine.internal.task.Timed;
import dev.gretchen.engine.internal.window.WindowSpec;
import dev.gretchen.engine.internal.worker.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A keyed table, partitioned as its agent's topic, with a changelog in Kafka and a copy on the
/// worker's disk.
///
/// Touched inside a handler only, in the current event's partition: a change is an effect of the
/// event, visible to the event itself at once and to later events of the partition when its
/// handlers have returned. Values are treated as immutable: change a table by writing a new value,
/// never by altering one that was read or written. A value is written by the codec when its event
/// is committed, once a commit; one that cannot be written, or is too large to be sent, makes its
/// partition start again from the last commit, and is the failure of its event then.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class Table<K, V> implements DeclaredTable<K, V> {

  /// Entries that one scan may give.
  public static final int SCAN_MAX = 100_000;

  private final App app;
  private final String name;
  private final String label;
  private final Codec<K> keys;
  private final TableValues<V> values;

  /// How values are written whose keys expire; null where they do not.
  private Timed.@Nullable Format<V> timed;

  private long lifetimeMillis;

  Table(App app, String name, Codec<K> keys, Codec<V> values, Supplier<V> initial) {
    this.app = app;
    this.name = name;
    this.label = "table " + name;
    this.keys = keys;
    this.values = new TableValues<>(values, initial);
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
    return timed == null ? values.codec() : new Timed.Bare<>(timed);
  }

  /// Makes this table one of tumbling windows: half-open, aligned to the epoch, by the event's
  /// time. Say how long they are kept by [Windowing#retained]; use what that returns from then on.
  ///
  /// @param size whole milliseconds, at least one
  public Windowing<K, V> tumbling(Duration size) {
    return new Windowing<>(this, size, size);
  }

  /// Makes this table one of hopping windows: as [#tumbling], but a window begins at each multiple
  /// of the step, so that they overlap, and an event counts in all that hold it. An event so costs
  /// `size / step` changes.
  ///
  /// @param step whole milliseconds, at least one, at most the size
  public Windowing<K, V> hopping(Duration size, Duration step) {
    return new Windowing<>(this, size, step);
  }

  /// Makes this table one whose values are those of a stretch of event time that slides along with
  /// the events. Say how long it is kept by [Sliding#retained]; use what that returns from then on.
  ///
  /// @param size of the stretch, a multiple of the step
  /// @param step by which it slides; whole milliseconds, at least one
  /// @param union makes one value of those of two parts of the stretch, the earlier first
  public Sliding<K, V> sliding(Duration size, Duration step, BinaryOperator<V> union) {
    return new Sliding<>(this, size, step, union);
  }

  /// Makes this table one of sessions. Say how long they wait for late events by
  /// [Sessioning#retained]; use what that returns from then on.
  ///
  /// @param gap what ends a session: so long without an event of its key; whole milliseconds
  /// @param union makes one value of those of two sessions that an event between them unites, the
  ///   earlier first
  public Sessioning<K, V> sessions(Duration gap, BinaryOperator<V> union) {
    return new Sessioning<>(this, gap, union);
  }

  /// Publishes this table's changes: with each commit, for each key that has changed since the one
  /// before, one record with the key's last value goes to a topic, or a tombstone where the key was
  /// deleted. In the same transaction as the changelog and the offsets; as any output, it may be
  /// repeated under [Guarantee#AT_LEAST_ONCE].
  ///
  /// Key and value are written by the table's codecs, the partition is chosen by the key, id and
  /// timestamp are those of the last event that changed it. The topic's partitions therefore hold,
  /// once compacted, what the table holds.
  ///
  /// @param topic one of this app's
  /// @return this table
  /// @throws IllegalStateException if the table is published already, or has windows
  public Table<K, V> publishTo(Topic<K, V> topic) {
    app.published(this, topic);
    return this;
  }

  /// Has each key expire that was not written for some time: from then on it has no value, and
  /// store and changelog let go of it with one of the next events. Time is stream time, the highest
  /// timestamp of the partition so far, which survives restarts; where no events come, nothing
  /// expires.
  ///
  /// In the changelog each value stands behind the byte f8 and the time of its last write, 8 bytes
  /// big-endian; so a table that was kept without times cannot get them under its name. Who looks
  /// from outside ([Worker#view], the endpoints) may still find a key whose time is over.
  ///
  /// @param unwritten whole milliseconds, at least one; the same at each start
  /// @return this table
  /// @throws IllegalStateException if the table is published, or has windows
  public Table<K, V> expireAfter(Duration unwritten) {
    app.expiring(this, unwritten);
    lifetimeMillis = unwritten.toMillis();
    timed = new Timed.Format<>(values.codec());
    return this;
  }

  /// Has something done whenever a partition of this table has become complete on a worker, before
  /// its first event is handled there: at each start, takeover and restart of a task. For what an
  /// app keeps beside the table, as an index on the heap. If it throws, the worker stops.
  ///
  /// @return this table
  public Table<K, V> onRecovered(RecoveryHandler<K, V> handler) {
    app.onRecovered(
        name,
        (partition, snapshot) -> {
          Codec<V> stored = values();
          handler.recovered(
              partition,
              visitor ->
                  snapshot.forEach((key, value) -> {
                    if (key[0] == StoreKeys.PLAIN) {
                      visitor.accept(
                          keys.decode(StoreKeys.untagged(new ByteKey(key))), stored.decode(value));
                    }
                  }));
        });
    return this;
  }

  /// The value of a key; empty if there is none.
  public Optional<V> get(K key) {
    CurrentEvent event = CurrentEvent.required(label);
    EventTable partition = event.table(name);
    return Optional.ofNullable(read(event, partition, own(key, event, partition)));
  }

  /// Entries from a key on, in the order of the keys' bytes, as the current event sees them: what
  /// it has written and what waits for its commit, over what is in the store. They are those of the
  /// current event's partition.
  ///
  /// Only where events come one after another: with [Agent#concurrency], other events may be
  /// changing these keys. A scan reads the store once an entry; keep it short on busy topics.
  ///
  /// @param to behind the last one
  /// @param limit how many at the most, 1 to [#SCAN_MAX]
  public List<TableEntry<K, V>> range(K from, K to, int limit) {
    return scan(KeyRange.between(keys.encode(from), keys.encode(to)), limit);
  }

  /// As [#range], of the keys whose bytes begin with those of another key: `user-7/` and all below.
  public List<TableEntry<K, V>> prefix(K prefix, int limit) {
    return scan(KeyRange.prefixed(keys.encode(prefix)), limit);
  }

  private List<TableEntry<K, V>> scan(KeyRange range, int limit) {
    requireLimit(name, limit);
    CurrentEvent event = CurrentEvent.required(label);
    EventTable partition = event.table(name);
    partition.requireWhole();
    List<TableEntry<K, V>> entries = new ArrayList<>();
    if (range.isEmpty()) {
      return entries;
    }
    Timed.Format<V> format = timed;
    if (format == null) {
      for (EventTable.Found<V> found : partition.scan(range, limit, values.codec(), _ -> true)) {
        entries.add(new TableEntry<>(keyOf(found), found.value()));
      }
      return entries;
    }
    long now = event.streamTime();
    for (EventTable.Found<Timed<V>> found :
        partition.scan(range, limit, format, each -> isAlive(each, now))) {
      entries.add(new TableEntry<>(keyOf(found), found.value().value()));
    }
    return entries;
  }

  private K keyOf(EventTable.Found<?> found) {
    return keys.decode(StoreKeys.untagged(found.key()));
  }

  /// @throws IllegalArgumentException for a scan of nothing, or of more than may be held
  static void requireLimit(String table, int limit) {
    if (limit < 1 || limit > SCAN_MAX) {
      throw new IllegalArgumentException(
          "table " + table + ": a scan gives 1 to " + SCAN_MAX + " entries, found " + limit);
    }
  }

  /// Sets a key's value.
  public void put(K key, V value) {
    CurrentEvent event = CurrentEvent.required(label);
    EventTable partition = event.table(name);
    write(event, partition, own(key, event, partition), value);
  }

  /// Deletes a key.
  public void remove(K key) {
    CurrentEvent event = CurrentEvent.required(label);
    EventTable partition = event.table(name);
    values.write(partition, own(key, event, partition), null);
  }

  /// Merges something into a key's value: reads it (the initial value if there is none), applies
  /// the function and writes the result.
  ///
  /// @return the new value
  public <E> V merge(K key, E item, BiFunction<? super V, ? super E, ? extends V> function) {
    CurrentEvent event = CurrentEvent.required(label);
    EventTable partition = event.table(name);
    Cell cell = own(key, event, partition);
    if (timed == null) {
      return values.merge(partition, cell, item, function);
    }
    V before = read(event, partition, cell);
    V after = function.apply(before == null ? values.initial().get() : before, item);
    write(event, partition, cell, after);
    return after;
  }

  private @Nullable V read(CurrentEvent event, EventTable partition, Cell cell) {
    Timed.Format<V> format = timed;
    if (format == null) {
      return values.read(partition, cell);
    }
    Timed<V> found = partition.read(cell, format);
    return found != null && isAlive(found, event.streamTime()) ? found.value() : null;
  }

  private void write(CurrentEvent event, EventTable partition, Cell cell, V value) {
    Timed.Format<V> format = timed;
    if (format == null) {
      values.write(partition, cell, value);
    } else {
      partition.write(cell, new Timed<>(event.streamTime(), value), format);
    }
  }

  private boolean isAlive(Timed<V> found, long streamTime) {
    return !Timed.isExpired(found.at(), lifetimeMillis, streamTime);
  }

  private Cell own(K key, CurrentEvent event, EventTable partition) {
    byte[] encoded = event.encoded(key, keys);
    partition.requireOwn(encoded);
    return partition.at(encoded);
  }

  TableView<K, V> view(Engine engine) {
    return new TableView<>(engine, name, keys, values());
  }

  WindowedTable<K, V> windowed(Supplier<WindowSpec.Aligned> windows) {
    WindowSpec.Aligned chosen = checked(windows);
    WindowedTable<K, V> windowed = new WindowedTable<>(app, name, keys, values, chosen);
    app.windowed(windowed, chosen);
    return windowed;
  }

  SessionTable<K, V> sessions(Supplier<WindowSpec.Sessions> sessions, BinaryOperator<V> union) {
    WindowSpec.Sessions chosen = checked(sessions);
    SessionTable<K, V> table = new SessionTable<>(app, name, keys, values, chosen, union);
    app.windowed(table, chosen);
    return table;
  }

  private <W> W checked(Supplier<W> windows) {
    try {
      return windows.get();
    } catch (IllegalArgumentException unfit) {
      throw new IllegalArgumentException(label + ": " + unfit.getMessage(), unfit);
    }
  }

  /// A duration of its windows.
  ///
  /// @throws IllegalArgumentException if it is not in whole milliseconds
  long millis(String what, Duration length) {
    long millis = length.toMillis();
    if (millis != 0 && !Duration.ofMillis(millis).equals(length)) {
      throw new IllegalArgumentException(
          label + ": the " + what + " is in whole milliseconds, found " + length);
    }
    return millis;
  }

  @Override
  public String toString() {
    return label;
  }
}
