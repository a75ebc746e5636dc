package dev.gretchen.engine;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.task.EventTable;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.WindowClosing;
import dev.gretchen.engine.internal.window.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// A table with a value per key and window of event time. Windows have one size and begin at the
/// multiples of a step, in epoch milliseconds, none before 1970: half-open ranges `[n * step, n *
/// step + size)`. They are *tumbling* where the step is the size, so that each moment has one
/// window, and else *hopping*: each moment then has several, and an event counts in all of them.
///
/// Stream time is the highest event time of the partition so far, the current event included; it is
/// kept with the data and survives restarts. A window *closes* when stream time reaches its end
/// plus the grace: nothing changes it any more, and [#onClose] is told. It is kept until stream
/// time has passed its end by the retention, then deleted from store and changelog alike. An event
/// is *late* for a window that has closed. Everything else as in [Table].
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class WindowedTable<K, V> implements DeclaredTable<K, V> {

  private final App app;
  private final String name;
  private final String label;
  private final Codec<K> keys;
  private final TableValues<V> values;
  private final WindowSpec.Aligned windows;
  private final LateEvents late;

  WindowedTable(
      App app, String name, Codec<K> keys, TableValues<V> values, WindowSpec.Aligned windows) {
    this.app = app;
    this.name = name;
    this.label = "table " + name;
    this.keys = keys;
    this.values = values;
    this.windows = windows;
    this.late = new LateEvents(app, name);
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
    return Duration.ofMillis(windows.sizeMillis());
  }

  /// What lies between the starts of two windows; the size where they are tumbling.
  public Duration step() {
    return Duration.ofMillis(windows.stepMillis());
  }

  /// Has each window handled when it has closed: once for each key that has a value in it, in the
  /// order of their ends. A window that nothing moves stream time past stays open.
  ///
  /// @return this table
  /// @throws IllegalStateException if it has a close handler already
  public WindowedTable<K, V> onClose(CloseHandler<K, V> handler) {
    app.closing(name, new OnClose<>(this, handler));
    return this;
  }

  /// Sends events that are late to a topic, as they came, with the headers `gretchen-late-table`
  /// and `gretchen-late-windows` (starts of the windows that they missed, comma-separated). They
  /// are counted in any case.
  ///
  /// @param topic one of this app's; read it with the codecs of the topic that the events are of
  /// @return this table
  public WindowedTable<K, V> lateTo(Topic<?, ?> topic) {
    late.to(topic);
    return this;
  }

  /// Merges something into the key's value, in each window that holds the current event and has not
  /// closed.
  ///
  /// @return the new value in the last of these windows; empty if all have closed, in which case
  ///   nothing changes
  public <E> Optional<V> merge(
      K key, E item, BiFunction<? super V, ? super E, ? extends V> function) {
    CurrentEvent event = CurrentEvent.required(label);
    long time = event.windowTime(name);
    long closed = windows.lastClosed(event.streamTime());
    long first = windows.firstStart(time);
    long last = windows.lastStart(time);
    if (first <= closed) {
      late.met(event, first, Math.min(last, closed), windows.stepMillis());
      if (last <= closed) {
        return Optional.empty();
      }
    }
    EventTable partition = event.table(name);
    byte[] encoded = event.encoded(key, keys);
    partition.requireOwn(encoded);
    for (long start = first; start < last; start += windows.stepMillis()) {
      if (start > closed) {
        values.merge(partition, partition.at(start, encoded), item, function);
      }
    }
    return Optional.of(values.merge(partition, partition.at(last, encoded), item, function));
  }

  /// The key's value in the current event's window, the last to begin where there are several;
  /// empty if there is none.
  public Optional<V> current(K key) {
    return at(key, CurrentEvent.required(label).timestamp());
  }

  /// The key's value in the window of this moment by the worker's clock, the last to begin where
  /// there are several. What depends on it is not the same when an event is handled again.
  public Optional<V> now(K key) {
    return at(key, CurrentEvent.required(label).clockMillis());
  }

  /// The key's value in the window so long before the current event, the last to begin where there
  /// are several.
  public Optional<V> delta(K key, Duration before) {
    return at(key, CurrentEvent.required(label).timestamp() - before.toMillis());
  }

  /// The key's value in the window that holds a moment, the last to begin where there are several.
  ///
  /// @param epochMillis event time
  public Optional<V> at(K key, long epochMillis) {
    CurrentEvent event = CurrentEvent.required(label);
    byte[] encoded = event.encoded(key, keys);
    EventTable partition = event.table(name);
    partition.requireOwn(encoded);
    long start = windows.lastStart(epochMillis);
    // by the event's stream time, not by what is still there: the same at each attempt
    return start < 0 || start <= windows.lastDropped(event.streamTime())
        ? Optional.empty()
        : Optional.ofNullable(in(partition, start, encoded));
  }

  /// The key's values in the windows that begin in a range of event time, by their start; those
  /// that are still kept and have one.
  ///
  /// @param fromMillis included
  /// @param toMillis not included
  public NavigableMap<Instant, V> between(K key, long fromMillis, long toMillis) {
    CurrentEvent event = CurrentEvent.required(label);
    byte[] encoded = event.encoded(key, keys);
    EventTable partition = event.table(name);
    partition.requireOwn(encoded);
    long step = windows.stepMillis();
    // what is dropped, and what lies beyond all events, need not be looked for
    long from = Math.max(fromMillis, windows.lastDropped(event.streamTime()) + 1);
    long last = Math.min(toMillis - 1, event.streamTime());
    NavigableMap<Instant, V> found = new TreeMap<>();
    for (long start = Math.max(0, Math.ceilDiv(from, step) * step); start <= last; start += step) {
      V value = in(partition, start, encoded);
      if (value != null) {
        found.put(Instant.ofEpochMilli(start), value);
      }
    }
    return found;
  }

  private @Nullable V in(EventTable partition, long start, byte[] encoded) {
    return values.read(partition, partition.at(start, encoded));
  }

  @Override
  public String toString() {
    return "windowed table " + name;
  }

  private record OnClose<K, V>(WindowedTable<K, V> table, CloseHandler<K, V> handler)
      implements WindowClosing {

    @Override
    public Codec<V> stored() {
      return table.values();
    }

    @Override
    @SuppressWarnings("unchecked") // read with the table's codec
    public AgentSpec.Call bind(ByteKey window, Object value) {
      long start = StoreKeys.windowStart(window.bytes());
      ClosedWindow<K, V> closed =
          new ClosedWindow<>(
              table.keys.decode(StoreKeys.own(window)),
              (V) value,
              new Window(start, start + table.windows.sizeMillis()));
      return () -> handler.closed(closed);
    }
  }
}
