package dev.gretchen.engine;

import dev.gretchen.engine.internal.global.GlobalCopy;
import dev.gretchen.engine.internal.task.CurrentEvent;
import java.util.Optional;

/// The last value of each key of a topic, all of it on every worker, on the heap: for what is small
/// and looked up from everywhere, as the list of banned users. Any key may be read, whatever
/// partition an event is of.
///
/// Complete before a worker handles its first event: it holds all that was committed in the topic
/// when the worker started. From then on it follows the topic, some milliseconds behind. So what an
/// event reads here depends on when it is handled, and after a crash an event that is handled again
/// may read something newer: what it sends is seen once, but nobody can work it out again.
///
/// An app writes to it by sending to its topic, or by [Table#publishTo]; such a change is seen,
/// here too, when it is committed. The topic should be compacted: what retention deletes is missing
/// from the copy of a worker that starts later.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class GlobalTable<K, V> {

  private final String name;
  private final String label;
  private final Topic<K, V> topic;

  GlobalTable(String name, Topic<K, V> topic) {
    this.name = name;
    this.label = "global table " + name;
    this.topic = topic;
  }

  /// The name, unique among the app's tables.
  public String name() {
    return name;
  }

  /// The value of a key, in a handler; elsewhere ask [Worker#view(GlobalTable)].
  ///
  /// @throws IllegalStateException outside a handler
  public Optional<V> get(K key) {
    return get(CurrentEvent.required(label).global(name), key);
  }

  /// Whether a key has a value, in a handler.
  public boolean contains(K key) {
    return CurrentEvent.required(label).global(name).get(topic.keys().encode(key)) != null;
  }

  Optional<V> get(GlobalCopy copy, K key) {
    return Optional.ofNullable(copy.get(topic.keys().encode(key))).map(topic.values()::decode);
  }

  Topic<K, V> topic() {
    return topic;
  }

  @Override
  public String toString() {
    return label;
  }
}
