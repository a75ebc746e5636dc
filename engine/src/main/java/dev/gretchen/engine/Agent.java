package dev.gretchen.engine;

import dev.gretchen.engine.internal.topology.LaneSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A handler of the events of a topic or a stream, with its name, its tables and what follows when
/// it fails. Made by [App#agent]; complete before the worker starts.
///
/// **Several events at a time.** With [#concurrency], up to so many events of a partition are under
/// way, each on a virtual thread of its own, so a handler may wait for a database or an HTTP call.
/// What it promises is the same as one after another: the effects of each event exactly once, and
/// per *lane* (the event's key, unless [#laneBy] says otherwise) order and no overlap. A call that
/// takes long holds up its lane and nobody else, and no commit. A handler whose event is no longer
/// this worker's is interrupted, so that it ends what it waits for.
///
/// @param <K> type of its topic's keys
/// @param <V> type of its topic's values
public final class Agent<K, V> {

  private final String name;
  private final @Nullable EventStream<K, V> events;
  private final @Nullable Take take;
  private final Set<String> tables = new LinkedHashSet<>();
  private FailurePolicy policy = FailurePolicy.standard();
  private int concurrency = 1;
  private LaneSpec.@Nullable LaneKey lane;

  /// @param events null for a timer
  /// @param take null for one event at a time
  Agent(String name, @Nullable EventStream<K, V> events, @Nullable Take take) {
    this.name = name;
    this.events = events;
    this.take = take;
  }

  /// The name, unique in the app.
  public String name() {
    return name;
  }

  /// Declares the tables that the handler reads or writes. A table's partitions follow the
  /// partitions of its agent's topic, so that the worker that handles a partition holds that
  /// partition of the table; that is why a table is declared before it is touched.
  public Agent<K, V> uses(Table<?, ?>... declared) {
    for (Table<?, ?> table : declared) {
      tables.add(table.name());
    }
    return this;
  }

  /// As [#uses(Table...)], for windowed tables.
  public Agent<K, V> uses(WindowedTable<?, ?>... declared) {
    for (WindowedTable<?, ?> table : declared) {
      tables.add(table.name());
    }
    return this;
  }

  /// As [#uses(Table...)], for tables of sessions.
  public Agent<K, V> uses(SessionTable<?, ?>... declared) {
    for (SessionTable<?, ?> table : declared) {
      tables.add(table.name());
    }
    return this;
  }

  /// As [#uses(Table...)], for tables of sets.
  public Agent<K, V> uses(SetTable<?, ?>... declared) {
    for (SetTable<?, ?> table : declared) {
      tables.add(table.name());
    }
    return this;
  }

  /// As [#uses(Table...)], for sliding tables.
  public Agent<K, V> uses(SlidingTable<?, ?>... declared) {
    for (SlidingTable<?, ?> table : declared) {
      tables.add(table.panes().name());
    }
    return this;
  }

  /// As [#uses(Table...)], for a table that the engine keeps for this agent and shows nobody.
  void keeps(String table) {
    tables.add(table);
  }

  /// What follows when the handler throws; [FailurePolicy#standard] by default. Where several
  /// agents read a topic, the strictest of their policies decides for an event: stop before dead
  /// letter, fewer retries before more.
  public Agent<K, V> onFailure(FailurePolicy chosen) {
    policy = chosen;
    return this;
  }

  /// How many events of a partition may be under way at a time, or batches ([Take]); 1 by default,
  /// which is one after another in the order of the partition. Agents that read one topic handle
  /// each event together, and have the same concurrency.
  ///
  /// @param events 1 to 1,000
  public Agent<K, V> concurrency(int events) {
    concurrency = new LaneSpec(events, null, null).concurrency();
    return this;
  }

  /// Names the lane of an event by something else than its key. Where the handler touches tables,
  /// it touches them under this lane's key alone, which must belong to the event's partition. An
  /// event that has no key, or none by this function, is a lane of its own.
  ///
  /// @param keys writes the lane's key, as the tables' codec writes theirs
  /// @param by any thread; pure
  public <L> Agent<K, V> laneBy(Codec<L> keys, Function<? super Event<K, V>, ? extends L> by) {
    EventStream<K, V> of = events;
    if (of == null) {
      throw new IllegalStateException("timer " + name + " has no events that lanes could be of");
    }
    lane =
        source -> {
          Topic<K, V> topic = of.topic(source.topic());
          return keys.encode(
              by.apply(
                  new Event<>(
                      source, topic.decodeKey(source.key()), topic.decodeValue(source.value()))));
        };
    return this;
  }

  /// Hands this agent an event of its own, through its topic: an effect of the current event, as
  /// [Topic#send] is, handled once that is committed.
  ///
  /// @throws IllegalArgumentException for a timer, and for an agent of several topics
  /// @throws IllegalStateException outside a handler
  public void cast(K key, V value) {
    topic().send(key, value);
  }

  /// @throws IllegalStateException for lanes where events come one after another
  LaneSpec lanes() {
    if (events == null && concurrency > 1) {
      throw new IllegalStateException(
          "timer " + name + " fires one moment after another; leave its concurrency at 1");
    }
    if (lane != null && concurrency == 1) {
      throw new IllegalStateException(
          "agent "
              + name
              + ": laneBy says which events may overlap, and with concurrency(1) none do; give it a concurrency, or no lanes");
    }
    return new LaneSpec(concurrency, lane, take);
  }

  /// The topic that whoever has something for this agent sends it to.
  ///
  /// @throws IllegalArgumentException where there is none, or more than one
  Topic<K, V> topic() {
    if (events == null) {
      throw new IllegalArgumentException(
          "timer " + name + " takes no events; send them to an agent of a topic");
    }
    Topic<K, V> only = events.only();
    if (only == null) {
      throw new IllegalArgumentException(
          "agent "
              + name
              + " reads the "
              + events
              + ", and nobody knows which of them is meant; send to one of its topics");
    }
    return only;
  }

  List<String> tables() {
    return List.copyOf(tables);
  }

  FailurePolicy policy() {
    return policy;
  }
}
