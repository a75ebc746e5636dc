package dev.gretchen.engine;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Events on their way to an agent: of one topic or several ([App#stream]), or of all topics that a
/// pattern finds ([App#topics]), filtered, under another key. Immutable: each method makes another
/// stream.
///
///     app.agent("count",
///         app.stream(viewsOfEurope, viewsOfAsia)
///             .filter(view -> !view.value().isRobot())
///             .groupBy("by-page", Codecs.utf8(), view -> view.value().page()),
///         view -> total.merge(view.key(), 1L, Long::sum))
///       .uses(total);
///
/// Nothing runs before an agent reads it, but for [#groupBy] and [#through], which are agents of
/// their own.
///
/// @param <K> type of the keys
/// @param <V> type of the values
public final class EventStream<K, V> implements Source<K, V> {

  private final App app;
  private final List<Topic<K, V>> topics;
  private final @Nullable TopicPattern pattern;
  private final Codec<K> keys;
  private final Codec<V> values;
  private final @Nullable Predicate<? super Event<K, V>> filter;

  private EventStream(
      App app,
      List<Topic<K, V>> topics,
      @Nullable TopicPattern pattern,
      Codec<K> keys,
      Codec<V> values,
      @Nullable Predicate<? super Event<K, V>> filter) {
    this.app = app;
    this.topics = topics;
    this.pattern = pattern;
    this.keys = keys;
    this.values = values;
    this.filter = filter;
  }

  /// @param topics at least one
  static <K, V> EventStream<K, V> of(App app, List<Topic<K, V>> topics) {
    Topic<K, V> first = topics.getFirst();
    return new EventStream<>(app, List.copyOf(topics), null, first.keys(), first.values(), null);
  }

  static <K, V> EventStream<K, V> of(
      App app, TopicPattern pattern, Codec<K> keys, Codec<V> values) {
    return new EventStream<>(app, List.of(), pattern, keys, values, null);
  }

  /// The events that satisfy a condition; the others are done as soon as they come, for whoever
  /// reads this stream.
  ///
  /// @param condition runs with the handler, again where that is tried again: pure. If it throws,
  ///   the event has failed, by the agent's [FailurePolicy]
  public EventStream<K, V> filter(Predicate<? super Event<K, V>> condition) {
    Predicate<? super Event<K, V>> before = filter;
    Predicate<? super Event<K, V>> both =
        before == null ? condition : event -> before.test(event) && condition.test(event);
    return new EventStream<>(app, topics, pattern, keys, values, both);
  }

  /// The events under another key, so that all events of that key meet in one partition, where a
  /// table can be kept for it. They go through a topic of the engine's own,
  /// `<app>-<name>-repartition`, made at the first start, with as many partitions as the largest of
  /// this stream's topics has then.
  ///
  /// An event keeps its value, its timestamp and its headers; of one key, the events of each source
  /// partition keep their order. It goes over exactly once, in the transaction of the offset from
  /// which it comes. What lies in the topic is deleted once it is handled.
  ///
  /// @param name unique among the app's agents: an agent of this name carries the events over
  /// @param keysThere the codec of the new keys
  /// @param by the new key. Where it throws or gives null, the event has failed and goes to the
  ///   dead-letter topic; [#filter] out first what has no such key
  public <G> EventStream<G, V> groupBy(
      String name, Codec<G> keysThere, Function<? super Event<K, V>, ? extends G> by) {
    return groupBy(name, keysThere, by, 0);
  }

  /// As [#groupBy(String, Codec, Function)], with a number of partitions of its own.
  ///
  /// @param partitions of the topic between; it never changes afterwards
  public <G> EventStream<G, V> groupBy(
      String name,
      Codec<G> keysThere,
      Function<? super Event<K, V>, ? extends G> by,
      int partitions) {
    Objects.requireNonNull(by, "by");
    return app.rekeyed(this, name, keysThere, by, partitions);
  }

  /// The same events through a topic of the engine's own, `<app>-<name>-repartition`, under their
  /// own keys: what comes from several topics, or from topics of any partition counts, is one topic
  /// behind it, and can have tables. Otherwise as [#groupBy].
  ///
  /// @param name unique among the app's agents
  public EventStream<K, V> through(String name) {
    return through(name, 0);
  }

  /// As [#through(String)], with a number of partitions of its own.
  public EventStream<K, V> through(String name, int partitions) {
    return app.rekeyed(this, name, keys, null, partitions);
  }

  /// This stream, for an agent of its own app.
  ///
  /// @throws IllegalArgumentException for another app's
  EventStream<K, V> of(App reader) {
    if (reader != app) {
      throw new IllegalArgumentException(
          "the "
              + this
              + " is of app "
              + app.name()
              + ", and app "
              + reader.name()
              + " is to read it; an agent reads the streams of its own app");
    }
    return this;
  }

  List<Topic<K, V>> topics() {
    return topics;
  }

  /// Null where it is of topics by name.
  @Nullable TopicPattern pattern() {
    return pattern;
  }

  Codec<K> keys() {
    return keys;
  }

  Codec<V> values() {
    return values;
  }

  /// Null where every event passes.
  @Nullable Predicate<? super Event<K, V>> condition() {
    return filter;
  }

  /// The topic of a record of this stream, with its codecs.
  Topic<K, V> topic(String name) {
    for (Topic<K, V> topic : topics) {
      if (topic.name().equals(name)) {
        return topic;
      }
    }
    return new Topic<>(name, keys, values, null);
  }

  /// The only topic; null where there may be several.
  @Nullable Topic<K, V> only() {
    return topics.size() == 1 ? topics.getFirst() : null;
  }

  @Override
  public String toString() {
    return "stream of "
        + (pattern == null ? topics.stream().map(Topic::name).toList() : pattern.text());
  }
}
