package dev.gretchen.engine;

import dev.gretchen.engine.internal.channel.ChannelReader;
import dev.gretchen.engine.internal.channel.ChannelSpec;
import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.topology.EventClock;
import dev.gretchen.engine.internal.topology.GlobalSpec;
import dev.gretchen.engine.internal.topology.RecoveryListener;
import dev.gretchen.engine.internal.topology.Streams;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.topology.Topology;
import dev.gretchen.engine.internal.topology.WindowClosing;
import dev.gretchen.engine.internal.window.WindowSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
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
  private final Agents agents;
  private final List<EventStream<?, ?>> patterns = new ArrayList<>();
  private final List<GlobalSpec> globals = new ArrayList<>();
  private final Map<String, RecoveryListener> listeners = new LinkedHashMap<>();
  private final List<Join<?, ?, ?>> joins = new ArrayList<>();
  private final Map<String, String> answering = new LinkedHashMap<>();
  private final Map<String, ChannelSpec> channels = new LinkedHashMap<>();

  private App(String name) {
    this.name = name;
    this.agents = new Agents(name);
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
    declareTable(tableName);
    Table<K, V> table = new Table<>(this, tableName, keys, values, initial);
    declaredTables.put(tableName, table);
    return table;
  }

  /// Declares a table of sets. Name it in [Agent#uses] of the agent that touches it.
  public <K, E> SetTable<K, E> setTable(String tableName, Codec<K> keys, Codec<E> elements) {
    declareTable(tableName);
    SetTable<K, E> table = new SetTable<>(tableName, keys, elements);
    declaredTables.put(tableName, table);
    return table;
  }

  /// Declares a table that every worker has all of: the last value of each key of a topic. It
  /// belongs to no agent; every handler of the app may read it.
  ///
  /// @param topic one of this app's, compacted
  public <K, V> GlobalTable<K, V> globalTable(String tableName, Topic<K, V> topic) {
    requireNewTable(tableName);
    globals.add(new GlobalSpec(tableName, own(topic).name()));
    return new GlobalTable<>(tableName, topic);
  }

  /// The events of several topics as one stream, for an agent that reads them all: each partition
  /// of each topic is handled by itself, in its order.
  ///
  /// An agent of several topics has no tables: a key's events would be in several partitions, and
  /// the table in each of them. Where it needs one, bring the events together first, by
  /// [EventStream#groupBy] or [EventStream#through].
  ///
  /// @param first declared by this app, as are the others, with one meaning of keys and values
  @SafeVarargs
  @SuppressWarnings("varargs") // they are only read
  public final <K, V> EventStream<K, V> stream(Topic<K, V> first, Topic<K, V>... others) {
    List<Topic<K, V>> all = new ArrayList<>();
    all.add(own(first));
    for (Topic<K, V> other : others) {
      if (all.contains(own(other))) {
        throw new IllegalArgumentException(
            "a stream of app " + name + " names topic " + other.name() + " twice; once is enough");
      }
      all.add(other);
    }
    return EventStream.of(this, all);
  }

  /// The events of all topics whose names match a pattern, such as `nyc.*.chat`: those that exist
  /// when a worker starts, and those that are made later, which are found within seconds. Topics
  /// that this app declares by name, and those that the engine has made for it, are not among them.
  ///
  /// As with [#stream], each partition is handled by itself, and tables come behind
  /// [EventStream#groupBy] or [EventStream#through]. What topic an event is of says [Event#topic].
  ///
  /// @param pattern levels with dots between them; `*` is any part of one level, `**` as a level is
  ///   one or more of them
  public <K, V> EventStream<K, V> topics(String pattern, Codec<K> keys, Codec<V> values) {
    EventStream<K, V> found = EventStream.of(this, new TopicPattern(pattern), keys, values);
    patterns.add(found);
    return found;
  }

  private <K, V> EventStream<K, V> streamOf(Source<K, V> source) {
    return switch (source) {
      case EventStream<K, V> stream -> stream.of(this);
      case Topic<K, V> topic -> EventStream.of(this, List.of(own(topic)));
    };
  }

  private <K, V> Topic<K, V> own(Topic<K, V> topic) {
    requireOwn("", topic);
    return topic;
  }

  /// @param what whose topic it is, with a colon behind; or nothing
  /// @throws IllegalArgumentException if the topic is another app's
  void requireOwn(String what, Topic<?, ?> topic) {
    if (topics.get(topic.name()) != topic) {
      throw new IllegalArgumentException(
          what
              + "topic "
              + topic.name()
              + " is not one of app "
              + name
              + "; declare it with app.topic(...)");
    }
  }

  /// @param by the new key; null where an event keeps its own
  <K, V, G> EventStream<G, V> rekeyed(
      EventStream<K, V> events,
      String agentName,
      Codec<G> keys,
      @Nullable Function<? super Event<K, V>, ? extends G> by,
      int partitions) {
    if (partitions < 0) {
      throw new IllegalArgumentException(
          "groupBy "
              + agentName
              + ": a topic has at least one partition, found "
              + partitions
              + "; leave it out to have as many as the largest source");
    }
    Topic<G, V> between =
        new Topic<>(
            Topology.repartitionTopic(name, requireName("groupBy", agentName)),
            keys,
            events.values(),
            null);
    agents.addForwarding(agentName, events, between, by, partitions);
    return EventStream.of(this, List.of(between));
  }

  /// Joins two streams: events of one key meet where their event times are near enough. End it with
  /// [Join#inner], [Join#left] or [Join#outer].
  ///
  ///     app.join("found", searches, clicks, JoinWindow.within(Duration.ofMinutes(5)))
  ///       .left(found -> results.send(found.key(), found.hasRight() ? "click" : "nothing"));
  ///
  /// Of one key each left event meets each right one that is within the window, once, whichever
  /// comes first and however they are out of order, as long as neither is late. Late is an event
  /// that is further behind the highest event time of its own side than [JoinWindow#grace]. Who is
  /// alone is told when the other side's time has passed the end of its stretch by the grace: exactly
  /// once, and never before somebody who meets it. It is then that time alone which counts, so where
  /// a side brings nothing, see [JoinWindow#idleAfter].
  ///
  /// An event may stand on both sides, where both read one topic: it meets itself too.
  ///
  /// @param joinName unique among the app's agents and tables; agents `<name>-left` and
  ///   `<name>-right` carry the events over
  public <K, L, R> Join<K, L, R> join(
      String joinName, Source<K, L> left, Source<K, R> right, JoinWindow window) {
    return joined(joinName, left, right, new Join.Streams(window.spec(joinName)));
  }

  /// Joins a stream with a table, which is the last value of each key of a topic: an event meets
  /// the row that its key has at that moment. End it with [Join#inner] or [Join#left].
  ///
  /// That moment is the event's place in the one order that both have then. What comes first in it
  /// is what the agents have carried over first: a row that was written long before is there, one
  /// that is written in the same second may not be, and of two topics that are read from their
  /// beginning nobody knows which is ahead. What is joined once stays joined so. Where every event
  /// must find what was there when the worker started, read a [#globalTable] in the handler; it
  /// costs no hop, and a copy on every worker.
  ///
  /// @param joinName unique among the app's agents and tables; the rows are in a table of this name
  /// @param table its tombstones delete
  public <K, L, R> Join<K, L, R> joinTable(
      String joinName, Source<K, L> stream, Source<K, R> table) {
    return joined(joinName, stream, table, new Join.StreamWithTable());
  }

  /// Joins two tables, each the last value of each key of a topic: with each change of either side
  /// comes the row as it is then, and where it is no more, one that says so ([Joined#isGone]). End
  /// it with [Join#inner], [Join#left] or [Join#outer].
  ///
  /// @param joinName unique among the app's agents and tables; the sides are in tables
  ///   `<name>-left` and `<name>-right`
  public <K, L, R> Join<K, L, R> joinTables(
      String joinName, Source<K, L> left, Source<K, R> right) {
    return joined(joinName, left, right, new Join.Tables());
  }

  private <K, L, R> Join<K, L, R> joined(
      String joinName, Source<K, L> left, Source<K, R> right, Join.Shape shape) {
    Join<K, L, R> join =
        new Join<>(this, requireName("join", joinName), streamOf(left), streamOf(right), shape);
    joins.add(join);
    return join;
  }

  /// Declares an agent: a handler for the events of a topic or a stream.
  public <K, V> Agent<K, V> agent(String agentName, Source<K, V> source, Handler<K, V> handler) {
    EventStream<K, V> events = streamOf(source);
    return agents.add(
        new Agent<>(requireName("agent", agentName), events, null),
        events,
        topic -> record -> Agents.bind(record, topic, events.condition(), handler));
  }

  /// Declares an agent whose results go to a sink.
  public <K, V, R> Agent<K, V> agent(
      String agentName,
      Source<K, V> source,
      ResultHandler<Event<K, V>, R> handler,
      Sink<? super R> sink) {
    return agent(agentName, source, event -> pass(handler.handle(event), sink));
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
      String agentName, Source<K, V> source, Take take, BatchHandler<K, V> handler) {
    EventStream<K, V> events = streamOf(source);
    return agents.add(
        new Agent<>(requireName("agent", agentName), events, take),
        events,
        topic -> new BatchReader<>(topic, events.condition(), handler));
  }

  /// Declares an agent that takes several events at a time, and whose results go to a sink.
  public <K, V, R> Agent<K, V> agent(
      String agentName,
      Source<K, V> source,
      Take take,
      ResultHandler<List<Event<K, V>>, R> handler,
      Sink<? super R> sink) {
    return agent(agentName, source, take, batch -> pass(handler.handle(batch), sink));
  }

  /// Declares an agent that answers whoever asks it: a handler by [Answering#ask], anybody else by
  /// [Worker#ask]. Its answer is an effect of the question's event: seen when that is committed,
  /// once, however often it is handled. Where it fails for good, that is the answer. Events that
  /// nobody asked are handled alike, and their results go nowhere.
  ///
  /// @param questions whose events are its alone to answer
  /// @param answers how results are written; null is no answer, which whoever asked is told
  public <K, V, R> Answering<K, V, R> answering(
      String agentName,
      Topic<K, V> questions,
      Codec<R> answers,
      ResultHandler<Event<K, V>, R> handler) {
    String taken = answering.get(questions.name());
    if (taken != null) {
      throw new IllegalArgumentException(
          "agent "
              + agentName
              + " is to answer what is asked in topic "
              + questions.name()
              + ", and agent "
              + taken
              + " does so already; a question has one answer, so give one of them a topic of its own");
    }
    String replies = Topology.repliesTopic(name);
    Agent<K, V> agent =
        agent(
            agentName,
            questions,
            question -> {
              R answer = handler.handle(question);
              CurrentEvent.required("answer")
                  .reply(replies, answer == null ? null : answers.encode(answer));
            });
    answering.put(questions.name(), agentName);
    return new Answering<>(agent, questions, answers);
  }

  /// Declares a channel: a queue in the memory of each worker, which nothing keeps.
  ///
  /// @param capacity values that may wait for one of its agents, or for whoever takes them; 1 to
  ///   100,000
  public <T> Channel<T> channel(String channelName, int capacity) {
    ChannelSpec spec = new ChannelSpec(requireName("channel", channelName), capacity, List.of());
    if (channels.putIfAbsent(channelName, spec) != null) {
      throw new IllegalArgumentException(
          "channel " + channelName + " is declared twice; share the first declaration");
    }
    return new Channel<>(channelName);
  }

  /// Declares an agent of a channel: on each worker it handles what is sent there, value after
  /// value. Of several agents of a channel each has every value.
  ///
  /// What it does is no part of exactly-once: a value that was not handled when the worker dies, or
  /// whose handling fails, is lost.
  @SuppressWarnings("unchecked") // what is sent there is of the channel's type
  public <T> void agent(String agentName, Channel<T> channel, ChannelHandler<T> handler) {
    ChannelReader reader =
        new ChannelReader(requireName("agent", agentName), value -> handler.handle((T) value));
    ChannelSpec before = channels.get(channel.name());
    if (before == null) {
      throw new IllegalArgumentException(
          channel + " is not one of app " + name + "; declare it with app.channel(...)");
    }
    agents.addOfChannel(agentName);
    List<ChannelReader> readers = new ArrayList<>(before.readers());
    readers.add(reader);
    channels.put(before.name(), new ChannelSpec(before.name(), before.capacity(), readers));
  }

  private static <R> void pass(@Nullable R result, Sink<? super R> sink) throws Exception {
    if (result != null) {
      sink.take(result);
    }
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
  public Agent<?, ?> onLeader(String timerName, When when, TickHandler handler) {
    return agents.addTimer(requireName("timer", timerName), when, handler);
  }

  /// The topics in order of declaration.
  public List<Topic<?, ?>> topics() {
    return List.copyOf(topics.values());
  }

  /// The topic of a name as this app reads or writes it: one that it declares, or one that a
  /// pattern of its finds. Empty for others.
  public Optional<Topic<?, ?>> topic(String topicName) {
    Topic<?, ?> declared = topics.get(topicName);
    if (declared != null) {
      return Optional.of(declared);
    }
    return Topology.isOwn(name, topicName)
        ? Optional.empty()
        : patterns.stream()
            .filter(found -> found.pattern() != null && found.pattern().matches(topicName))
            .findFirst()
            .map(found -> found.topic(topicName));
  }

  /// The tables in order of declaration.
  public List<DeclaredTable<?, ?>> tables() {
    return List.copyOf(declaredTables.values());
  }

  private void declareTable(String tableName) {
    requireNewTable(tableName);
    tables.put(tableName, TableSpec.plain(tableName));
  }

  /// A table that the engine keeps for a join, and shows nobody.
  void addHeld(TableSpec table) {
    requireNewTable(table.name());
    tables.put(table.name(), table);
  }

  Agents agents() {
    return agents;
  }

  private void requireNewTable(String tableName) {
    requireName("table", tableName);
    if (tables.containsKey(tableName)
        || globals.stream().anyMatch(global -> global.name().equals(tableName))) {
      throw new IllegalArgumentException("table " + tableName + " is declared twice");
    }
  }

  void expiring(Table<?, ?> table, Duration unwritten) {
    String tableName = table.name();
    if (unwritten.toMillis() < 1 || !Duration.ofMillis(unwritten.toMillis()).equals(unwritten)) {
      throw new IllegalArgumentException(
          "table "
              + tableName
              + ": keys expire after at least 1 ms, and whole milliseconds, found "
              + unwritten);
    }
    if (declaredTables.get(tableName) != table) {
      throw new IllegalStateException(
          "table "
              + tableName
              + " has windows, which expire by their retention; leave out expireAfter(...)");
    }
    tables.computeIfPresent(tableName, (_, plain) -> plain.expiring(unwritten.toMillis()));
  }

  void onRecovered(String table, RecoveryListener listener) {
    if (listeners.putIfAbsent(table, listener) != null) {
      throw new IllegalStateException(
          "table " + table + " has an onRecovered(...) already; do both in one");
    }
  }

  void published(Table<?, ?> table, Topic<?, ?> topic) {
    requireOwn("table " + table.name() + ": ", topic);
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
    String tableName = table.name();
    tables.computeIfPresent(
        tableName,
        (_, plain) -> {
          if (plain.isExpiring() || listeners.containsKey(tableName)) {
            throw new IllegalStateException(
                "table "
                    + tableName
                    + " has windows, for which there is no expireAfter(...), since they expire by their retention, and no onRecovered(...); leave them out");
          }
          return plain.with(windows);
        });
    declaredTables.put(tableName, table);
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

  /// What the engine runs: for the engine itself, and for what tests apps.
  ///
  /// @throws IllegalStateException naming what does not fit together
  public Topology topology() {
    joins.forEach(Join::requireComplete);
    return Topology.of(
            name,
            agents.named(),
            List.copyOf(tables.values()),
            List.copyOf(topics.keySet()),
            new Streams(
                agents.repartitions(),
                agents.byPattern(),
                globals,
                answering,
                List.copyOf(channels.values())))
        .withTimers(agents.timers())
        .withClocks(clocks())
        .withListeners(listeners);
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
