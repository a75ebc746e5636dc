package dev.gretchen.engine;

import dev.gretchen.engine.internal.outside.Outlet;
import java.util.function.Consumer;

/// Writes events to a topic outside handlers, at once and in no transaction: for a [Front] that
/// takes them from its clients. Any thread; records of one key keep the order of the calls.
///
/// The producer retries, without repeating or reordering anything, for 15 seconds at most.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class TopicWriter<K, V> {

  /// Records that a worker may have under way; one more is rejected at once.
  public static final int UNDER_WAY_MAX = Outlet.UNDER_WAY_MAX;

  private final Topic<K, V> topic;
  private final Outlet outlet;

  TopicWriter(Topic<K, V> topic, Outlet outlet) {
    this.topic = topic;
    this.outlet = outlet;
  }

  /// Writes an event.
  ///
  /// @param id unique; the record's [Event#ID_HEADER]
  /// @param told once, on a thread that must not wait, possibly before this returns
  public void append(K key, V value, long id, Consumer<Appended> told) {
    outlet.append(topic.name(), topic.keys().encode(key), topic.values().encode(value), id, told);
  }
}
