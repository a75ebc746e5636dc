package dev.gretchen.engine;

import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.topology.Topology;
import dev.gretchen.engine.internal.window.WindowSpec;
import java.util.List;

/// A join on the way: what it joins is known, what it gives is not. End it with [#inner], [#left]
/// or [#outer]. Made by [App#join], [App#joinTable] and [App#joinTables].
///
/// **One order.** Both sides go through a topic of the engine's own, `<app>-<name>-repartition`,
/// made at the first start with as many partitions as the largest topic of either side, each record
/// with a header that names its side. So a key's events of both sides are in one partition, in one
/// order that no restart changes, and one task handles them one after another. The topics that are
/// joined need not have equally many partitions, nor be partitioned alike.
///
/// **What is kept** is in tables with changelogs, in the transaction of the event that changed it,
/// as with any table: on standbys, recovered, the same after a crash.
///
/// An event without a key, or a tombstone in a stream, meets nobody: it goes to the dead-letter
/// topic; [EventStream#filter] such events out first.
///
/// @param <K> type of the keys of both
/// @param <L> type of the left values
/// @param <R> type of the right values
public final class Join<K, L, R> {

  private final App app;
  private final String name;
  private final EventStream<K, L> left;
  private final EventStream<K, R> right;
  private final Shape shape;
  private final LateEvents late;
  private boolean complete;

  /// What is joined with what.
  sealed interface Shape {}

  /// Two streams.
  record Streams(WindowSpec.Join window) implements Shape {}

  /// A stream with a table.
  record StreamWithTable() implements Shape {}

  /// Two tables.
  record Tables() implements Shape {}

  Join(App app, String name, EventStream<K, L> left, EventStream<K, R> right, Shape shape) {
    this.app = app;
    this.name = name;
    this.left = left;
    this.right = right;
    this.shape = shape;
    this.late = new LateEvents(app, name);
  }

  /// Sends events that come too late to meet anybody to a topic, with the headers
  /// `gretchen-late-table` (the join's name), `gretchen-late-windows` (the event's time) and
  /// `gretchen-join-side` (`left` or `right`, by which its value is to be read). They are counted
  /// in any case.
  ///
  /// @param topic one of this app's
  /// @return this join
  /// @throws IllegalStateException for a join with a table, where nothing is late
  public Join<K, L, R> lateTo(Topic<?, ?> topic) {
    if (!(shape instanceof Streams)) {
      throw new IllegalStateException(
          "join "
              + name
              + " is with a table, which takes events as they come, and nothing is late; leave out lateTo(...)");
    }
    late.to(topic);
    return this;
  }

  /// Gives pairs. Of two tables: the rows that are on both sides.
  ///
  /// @return to declare tables with that the handler touches, and what follows a failure; an agent
  ///   as any other, but one event after another
  public Agent<?, ?> inner(JoinHandler<K, L, R> handler) {
    return declare(JoinKind.INNER, handler);
  }

  /// Gives pairs, and left values alone: of two streams once it is sure that no right one comes any
  /// more, of a stream and a table where the key has no row.
  ///
  /// @return as [#inner]
  public Agent<?, ?> left(JoinHandler<K, L, R> handler) {
    return declare(JoinKind.LEFT, handler);
  }

  /// Gives pairs, and values of either side alone, as [#left] does.
  ///
  /// @return as [#inner]
  /// @throws IllegalStateException for a stream with a table, whose rows come alone all the time
  public Agent<?, ?> outer(JoinHandler<K, L, R> handler) {
    return declare(JoinKind.OUTER, handler);
  }

  private Agent<?, ?> declare(JoinKind kind, JoinHandler<K, L, R> handler) {
    if (complete) {
      throw new IllegalStateException(
          "join " + name + " has a handler already; do both in one, or declare another join");
    }
    if (shape instanceof StreamWithTable && kind == JoinKind.OUTER) {
      throw new IllegalStateException(
          "join "
              + name
              + ": a row of a table that no event asks for is no event; join two streams, or two tables, or use left(...)");
    }
    complete = true;
    Codec<K> keys = left.keys();
    Topic<K, byte[]> between =
        new Topic<>(Topology.repartitionTopic(app.name(), name), keys, Codecs.bytes(), null);
    JoinSides<K, L, R> sides =
        new JoinSides<>(
            name,
            new Topic<>(between.name(), keys, left.values(), null),
            new Topic<>(between.name(), keys, right.values(), null));
    Agents agents = app.agents();
    agents.addSide(
        name + "-left",
        left,
        sides.left(),
        JoinSides.keyOf(name, shape instanceof Tables),
        Side.LEFT);
    agents.addSide(
        name + "-right",
        right,
        sides.right(),
        JoinSides.keyOf(name, !(shape instanceof Streams)),
        Side.RIGHT);
    agents.addBetween(between.name(), left, right);
    EventStream<K, byte[]> both = EventStream.of(app, List.of(between));
    Agent<K, byte[]> agent = new Agent<>(name, both, null);
    AgentSpec.Reader reader = reader(kind, handler, sides, agent);
    return agents.add(agent, both, _ -> inOrder(agent, reader));
  }

  private AgentSpec.Reader reader(
      JoinKind kind, JoinHandler<K, L, R> handler, JoinSides<K, L, R> sides, Agent<?, ?> agent) {
    return switch (shape) {
      case Streams streams -> {
        StreamJoin<K, L, R> join = new StreamJoin<>(sides, streams.window(), kind, late, handler);
        TableSpec spec = TableSpec.plain(name).with(streams.window());
        app.addHeld(kind == JoinKind.INNER ? spec : spec.closing(join));
        agent.keeps(name);
        yield join;
      }
      case StreamWithTable _ ->
          new TableJoin<>(sides, rows(name, sides.right(), agent), kind, handler);
      case Tables _ ->
          new TablesJoin<>(
              sides,
              rows(name + "-left", sides.left(), agent),
              rows(name + "-right", sides.right(), agent),
              kind,
              handler);
    };
  }

  private <V> Table<K, V> rows(String table, Topic<K, V> side, Agent<?, ?> agent) {
    Table<K, V> rows =
        app.table(
            table,
            side.keys(),
            side.values(),
            () -> {
              throw new IllegalStateException("table " + table + " has what its topic has");
            });
    agent.uses(rows);
    return rows;
  }

  /// The order of the topic between is what decides; side by side it would be lost.
  private AgentSpec.Reader inOrder(Agent<?, ?> agent, AgentSpec.Reader reader) {
    if (!agent.lanes().isPlain()) {
      throw new IllegalStateException(
          "join "
              + name
              + " takes the events of both sides one after another, in the one order that they have; leave its concurrency at 1, and send what takes long to a topic with an agent of its own");
    }
    return reader;
  }

  /// @throws IllegalStateException if nobody said what it gives
  void requireComplete() {
    if (!complete) {
      throw new IllegalStateException(
          "app "
              + app.name()
              + ": join "
              + name
              + " has no handler, so nothing would come of it; end it with inner(...), left(...) or outer(...)");
    }
  }

  @Override
  public String toString() {
    return "join " + name;
  }
}
