package dev.gretchen.engine;

import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.EventClock;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.topology.Topology;
import dev.gretchen.engine.internal.topology.WindowClosing;
import dev.gretchen.engine.internal.window.WindowSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// The definition of an application: its topics, tables and agents. Its name is its consumer group.
///
/// Made on one thread, then handed to a [Worker]; not changed afterwards.
public final class App {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}");

  private final String name;
  private final Map<String, Topic<?, ?>> topics = new LinkedHashMap<>();
  private final Map<String, TableSpec> tables = new LinkedHashMap<>();
  private final Map<String, DeclaredTable<?, ?>> declaredTables = new LinkedHashMap<>();
  private final Map<String, Supplier<AgentSpec>> agents = new LinkedHashMap<>();
  private final List<Long> timerPeriods = new ArrayList<>();

  private App(String name) {
    this.name = name;
  }

  /// A new app.
  ///
  /// @param name also the consumer group and the prefix of internal topics: letters, digits, `.`,
  ///   `_` and `-`
  public static App named(String name) {
    return new App(requireName("app", name));
  }

  /// The app's name.
  public String name() {
    return name;
  }

  /// Declares a topic that the app reads or writes.
  public <K, V> Topic<K, V> topic(String topicName, Codec<K> keys, Codec<V> values) {
    return declared(new Topic<>(requireName("topic", topicName), keys, values, null));
  }

  /// Declares a topic whose events tell their time themselves, wherever they are handled: windows,
  /// stream time, and the timestamps of what they cause go by it.
  public <K, V> Topic<K, V> topic(
      String topicName, Codec<K> keys, Codec<V> values, EventTime<K, V> time) {
    return declared(new Topic<>(requireName("topic", topicName), keys, values, time));
  }

  private <K, V> Topic<K, V> declared(Topic<K, V> topic) {
    String topicName = topic.name();
    if (topics.putIfAbsent(topicName, topic) != null) {
      throw new IllegalArgumentException(
          "topic " + topicName + " is declared twice; share the first declaration");
    }
    return topic;
  }

  /// Declares a table. Name it in [Agent#uses] of the agent that touches it.
  ///
  /// @param initial the value that [Table#merge] starts from where a key has none
  public <K, V> Table<K, V> table(
      String tableName, Codec<K> keys, Codec<V> values, Supplier<V> initial) {
    if (tables.putIfAbsent(requireName("table", tableName), TableSpec.plain(tableName)) != null) {
      throw new IllegalArgumentException("table " + tableName + " is declared twice");
    }
    Table<K, V> table = new Table<>(this, tableName, keys, values, initial);
    declaredTables.put(tableName, table);
    return table;
  }

  /// Declares an agent: a handler for the events of a topic.
  public <K, V> Agent<K, V> agent(String agentName, Topic<K, V> topic, Handler<K, V> handler) {
    return declared(
        new Agent<>(requireName("agent", agentName), topic, null),
        topic,
        source -> bind(source, topic, handler));
  }

  /// Declares an agent whose results go to a sink.
  public <K, V, R> Agent<K, V> agent(
      String agentName,
      Topic<K, V> topic,
      ResultHandler<Event<K, V>, R> handler,
      Sink<? super R> sink) {
    return agent(agentName, topic, event -> pass(handler.handle(event), sink));
  }

  /// Declares an agent that takes several events of a partition at a time.
  ///
  /// A batch is what came within a time, or as many as it may have: never rely on which events are
  /// together, since after a takeover others are. With [Agent#concurrency], so many batches are
  /// under way at a time, and a batch has the lanes of all its events.
  ///
  /// What is sent in its handler has the id and the timestamp of the batch's last event; where each
  /// event has effects of its own, send them in [Event#causes].
  ///
  /// A batch that fails is tried again whole. One that fails for good is taken apart: each of its
  /// events is handled as a batch of one, so that one bad event takes no other with it to the dead
  /// letters. Only where the time is up are all of them dead letters.
  public <K, V> Agent<K, V> agent(
      String agentName, Topic<K, V> topic, Take take, BatchHandler<K, V> handler) {
    return declared(
        new Agent<>(requireName("agent", agentName), topic, take),
        topic,
        new BatchReader<>(topic, handler));
  }

  /// Declares an agent that takes several events at a time, and whose results go to a sink.
  public <K, V, R> Agent<K, V> agent(
      String agentName,
      Topic<K, V> topic,
      Take take,
      ResultHandler<List<Event<K, V>>, R> handler,
      Sink<? super R> sink) {
    return agent(agentName, topic, take, batch -> pass(handler.handle(batch), sink));
  }

  private static <R> void pass(@Nullable R result, Sink<? super R> sink) throws Exception {
    if (result != null) {
      sink.take(result);
    }
  }

  private <K, V> Agent<K, V> declared(
      Agent<K, V> agent, Topic<K, V> topic, AgentSpec.Reader reader) {
    Supplier<AgentSpec> complete =
        () ->
            new AgentSpec(
                agent.name(), topic.name(), agent.tables(), agent.policy(), agent.lanes(), reader);
    if (agents.putIfAbsent(agent.name(), complete) != null) {
      throw new IllegalArgumentException("agent " + agent.name() + " is declared twice");
    }
    return agent;
  }

  /// Declares a timer that fires on one worker at a time, the one that leads the app: at each of
  /// its moments exactly once, in order. What its handler sends and changes is seen once, as with
  /// an agent: a leader that was deposed while it ran has its effects refused. A moment that passed
  /// while no worker led is made up for, unless that was more than an hour ago.
  ///
  /// Timers that fire at the same moment are one unit: their effects become visible together. Such
  /// a table is the leader's own: no agent of a topic may use it too.
  ///
  /// @return to declare tables with, and what follows a failure; an agent as any other
  public Agent<?, ?> onLeader(String timerName, Every when, TickHandler handler) {
    Agent<?, ?> agent = new Agent<>(requireName("timer", timerName), null, null);
    long period = when.period().toMillis();
    Supplier<AgentSpec> complete =
        () ->
            new AgentSpec(
                timerName,
                Topology.leaderTopic(name),
                agent.tables(),
                agent.policy(),
                agent.lanes(),
                moment -> bind(moment.offset(), period, timerName, handler));
    if (agents.putIfAbsent(timerName, complete) != null) {
      throw new IllegalArgumentException("agent " + timerName + " is declared twice");
    }
    timerPeriods.add(period);
    return agent;
  }

  private static AgentSpec.Call bind(
      long moment, long period, String timerName, TickHandler handler) {
    return () -> {
      if (moment % period == 0) {
        handler.handle(new Tick(timerName, Instant.ofEpochMilli(moment)));
      }
    };
  }

  private static <K, V> AgentSpec.Call bind(
      ConsumerRecord<byte[], byte[]> source, Topic<K, V> topic, Handler<K, V> handler) {
    K key = topic.decodeKey(source.key());
    Event<K, V> event = new Event<>(source, key, topic.decodeValue(source.value()));
    topic.requireTime(event);
    CurrentEvent.required("agent").decoded(key, topic.keys());
    return () -> handler.handle(event);
  }

  /// The topics in order of declaration.
  public List<Topic<?, ?>> topics() {
    return List.copyOf(topics.values());
  }

  /// The tables in order of declaration.
  public List<DeclaredTable<?, ?>> tables() {
    return List.copyOf(declaredTables.values());
  }

  void published(Table<?, ?> table, Topic<?, ?> topic) {
    requireOwn("table " + table.name(), topic);
    tables.computeIfPresent(
        table.name(),
        (_, spec) -> {
          if (spec.publishedTo() != null) {
            throw new IllegalStateException(
                "table "
                    + table.name()
                    + " is published to "
                    + spec.publishedTo()
                    + " already; a table has one topic for its changes");
          }
          return spec.publishedTo(topic.name());
        });
  }

  void windowed(DeclaredTable<?, ?> table, WindowSpec windows) {
    tables.computeIfPresent(table.name(), (_, plain) -> plain.with(windows));
    declaredTables.put(table.name(), table);
  }

  void closing(String table, WindowClosing closing) {
    tables.computeIfPresent(
        table,
        (_, spec) -> {
          if (spec.closing() != null) {
            throw new IllegalStateException(
                "table " + table + " has a close handler already; do both in one");
          }
          return spec.closing(closing);
        });
  }

  /// @throws IllegalArgumentException if the topic is another app's
  void requireOwn(String what, Topic<?, ?> topic) {
    if (topics.get(topic.name()) != topic) {
      throw new IllegalArgumentException(
          what
              + ": topic "
              + topic.name()
              + " is not one of app "
              + name
              + "; declare it with app.topic(...)");
    }
  }

  /// What the engine runs: for the engine itself, and for what tests apps.
  ///
  /// @throws IllegalStateException naming what does not fit together
  public Topology topology() {
    List<AgentSpec> specs = agents.values().stream().map(Supplier::get).toList();
    return Topology.of(name, specs, List.copyOf(tables.values()), List.copyOf(topics.keySet()))
        .withTimers(timerPeriods)
        .withClocks(clocks());
  }

  private Map<String, EventClock> clocks() {
    Map<String, EventClock> clocks = new LinkedHashMap<>();
    for (Topic<?, ?> topic : topics.values()) {
      if (topic.tellsTime()) {
        clocks.put(topic.name(), topic::timeOf);
      }
    }
    return clocks;
  }

  private static String requireName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what
              + " name: expected letters, digits, '.', '_' and '-', at most 100, found '"
              + name
              + "'");
    }
    return name;
  }
}
