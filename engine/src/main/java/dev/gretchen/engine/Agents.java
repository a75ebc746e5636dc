package dev.gretchen.engine;

import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.PatternAgent;
import dev.gretchen.engine.internal.topology.Repartition;
import dev.gretchen.engine.internal.topology.Topology;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// The agents of an app, as they are declared: what each reads, and what its handler is bound to.
/// They are complete when the worker starts, and become [AgentSpec]s only then.
final class Agents {

  private final String app;
  private final Map<String, Declared> declared = new LinkedHashMap<>();
  private final List<Repartition> repartitions = new ArrayList<>();
  private final List<When> timers = new ArrayList<>();

  /// @param named one for each topic that it reads by name
  /// @param found for the topics that a pattern finds; null if it has none
  private record Declared(
      Supplier<List<AgentSpec>> named, @Nullable Supplier<PatternAgent> found) {}

  Agents(String app) {
    this.app = app;
  }

  /// An agent with a handler of the app's.
  ///
  /// @param reader of the records of a topic
  <K, V> Agent<K, V> add(
      Agent<K, V> agent, EventStream<K, V> events, Function<Topic<K, V>, AgentSpec.Reader> reader) {
    return declare(
        agent,
        events,
        topic ->
            new AgentSpec(
                agent.name(),
                topic.name(),
                agent.tables(),
                agent.policy(),
                agent.lanes(),
                reader.apply(topic)));
  }

  /// The agent that carries events over to a topic between.
  ///
  /// @param by the new key; null where an event keeps its own
  /// @param partitions of that topic, 0 by rule
  <K, V, G> void addForwarding(
      String name,
      EventStream<K, V> events,
      Topic<G, V> between,
      @Nullable Function<? super Event<K, V>, ? extends G> by,
      int partitions) {
    declareForwarding(name, events, between, by, null);
    repartitions.add(
        new Repartition(between.name(), names(events).toList(), matching(events), partitions));
  }

  /// The agent that carries one side of a join over to the topic between.
  ///
  /// @param by the key, or a failure
  <K, V> void addSide(
      String name,
      EventStream<K, V> events,
      Topic<K, V> between,
      Function<Event<K, V>, K> by,
      Side side) {
    declareForwarding(name, events, between, by, side);
  }

  /// The topic between the two sides of a join and the join, as large as the largest of theirs.
  void addBetween(String topic, EventStream<?, ?> left, EventStream<?, ?> right) {
    Predicate<String> ofLeft = matching(left);
    Predicate<String> ofRight = matching(right);
    repartitions.add(
        new Repartition(
            topic,
            Stream.concat(names(left), names(right)).distinct().toList(),
            ofLeft == null ? ofRight : ofRight == null ? ofLeft : ofLeft.or(ofRight),
            0));
  }

  private <K, V, G> void declareForwarding(
      String name,
      EventStream<K, V> events,
      Topic<G, V> between,
      @Nullable Function<? super Event<K, V>, ? extends G> by,
      @Nullable Side side) {
    Agent<K, V> agent = new Agent<>(name, events, null);
    declare(
        agent,
        events,
        topic ->
            AgentSpec.following(
                name,
                topic.name(),
                agent.policy(),
                new Forwarding<>(topic, between, events.condition(), by, name, side)));
  }

  private static Stream<String> names(EventStream<?, ?> events) {
    return events.topics().stream().map(Topic::name);
  }

  private static @Nullable Predicate<String> matching(EventStream<?, ?> events) {
    TopicPattern pattern = events.pattern();
    return pattern == null ? null : pattern::matches;
  }

  /// A timer of the leader.
  Agent<?, ?> addTimer(String name, When when, TickHandler handler) {
    Agent<?, ?> agent = new Agent<>(name, null, null);
    put(
        name,
        new Declared(
            () ->
                List.of(
                    new AgentSpec(
                        name,
                        Topology.leaderTopic(app),
                        agent.tables(),
                        agent.policy(),
                        agent.lanes(),
                        moment -> tick(moment.offset(), when, name, handler))),
            null));
    timers.add(when);
    return agent;
  }

  private <K, V> Agent<K, V> declare(
      Agent<K, V> agent, EventStream<K, V> events, Function<Topic<K, V>, AgentSpec> of) {
    TopicPattern pattern = events.pattern();
    put(
        agent.name(),
        new Declared(
            () -> events.topics().stream().map(of).toList(),
            pattern == null
                ? null
                : () ->
                    new PatternAgent(
                        agent.name(),
                        pattern.text(),
                        pattern::matches,
                        agent.tables(),
                        found -> of.apply(events.topic(found)))));
    return agent;
  }

  /// An agent of a channel, which has no topic.
  void addOfChannel(String name) {
    put(name, new Declared(List::of, null));
  }

  private void put(String name, Declared complete) {
    if (declared.putIfAbsent(name, complete) != null) {
      throw new IllegalArgumentException("agent " + name + " is declared twice");
    }
  }

  /// Binds an event to its handler.
  ///
  /// @param filter null where every event passes
  static <K, V> AgentSpec.Call bind(
      ConsumerRecord<byte[], byte[]> source,
      Topic<K, V> topic,
      @Nullable Predicate<? super Event<K, V>> filter,
      Handler<K, V> handler) {
    K key = topic.decodeKey(source.key());
    Event<K, V> event = new Event<>(source, key, topic.decodeValue(source.value()));
    topic.requireTime(event);
    CurrentEvent.required("agent").decoded(key, topic.keys());
    if (filter == null) {
      return () -> handler.handle(event);
    }
    return () -> {
      if (filter.test(event)) {
        handler.handle(event);
      }
    };
  }

  private static AgentSpec.Call tick(long moment, When when, String name, TickHandler handler) {
    return () -> {
      if (when.next(moment) == moment) {
        handler.handle(new Tick(name, Instant.ofEpochMilli(moment)));
      }
    };
  }

  /// Those of topics by name, in order of declaration.
  List<AgentSpec> named() {
    return declared.values().stream().flatMap(agent -> agent.named().get().stream()).toList();
  }

  /// Those of topics that patterns find.
  List<PatternAgent> byPattern() {
    List<PatternAgent> all = new ArrayList<>();
    for (Declared agent : declared.values()) {
      Supplier<PatternAgent> found = agent.found();
      if (found != null) {
        all.add(found.get());
      }
    }
    return all;
  }

  List<Repartition> repartitions() {
    return repartitions;
  }

  List<When> timers() {
    return timers;
  }
}
