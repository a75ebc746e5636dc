package dev.gretchen.engine;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.task.EventTable;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.WindowClosing;
import dev.gretchen.engine.internal.window.Places;
import dev.gretchen.engine.internal.window.Session;
import dev.gretchen.engine.internal.window.SessionCodec;
import dev.gretchen.engine.internal.window.WindowSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/// A table with a value per key and *session*: a stretch of event time with events in it that come
/// less than a gap apart. It begins with its first event and ends a gap after its last one. An
/// event that comes out of order may make two sessions one.
///
/// Stream time as in [WindowedTable]. A session closes when stream time reaches its end plus the
/// retention: [#onClose] is told, and it is deleted from store and changelog alike. An event joins
/// all sessions of its key that it touches and that have not closed. Where there is none, and one
/// of its own would have closed already, it is late: it is counted as such and changes nothing.
/// Everything else as in [Table].
///
/// **In the store** a session stands under its key and a moment that it holds, the first that was
/// known, with its start and end before its value; beside it a list of each key's sessions, and
/// their order by close. A session that grows is one record of the changelog for each commit; where
/// two become one, the other is deleted in the same commit.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class SessionTable<K, V> implements DeclaredTable<K, V> {

  private static final byte[] NOTHING = new byte[0];

  private final App app;
  private final String name;
  private final String label;
  private final Codec<K> keys;
  private final TableValues<V> values;
  private final SessionCodec<V> codec;
  private final WindowSpec.Sessions sessions;
  private final BinaryOperator<V> union;
  private final LateEvents late;

  SessionTable(
      App app,
      String name,
      Codec<K> keys,
      TableValues<V> values,
      WindowSpec.Sessions sessions,
      BinaryOperator<V> union) {
    this.app = app;
    this.name = name;
    this.label = "table " + name;
    this.keys = keys;
    this.values = values;
    this.codec = new SessionCodec<>(values.codec());
    this.sessions = sessions;
    this.union = union;
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

  /// What ends a session: so long without an event.
  public Duration gap() {
    return Duration.ofMillis(sessions.gapMillis());
  }

  /// As [WindowedTable#onClose].
  public SessionTable<K, V> onClose(CloseHandler<K, V> handler) {
    app.closing(name, new OnClose<>(this, handler));
    return this;
  }

  /// As [WindowedTable#lateTo]; the window that an event missed is that of its own.
  public SessionTable<K, V> lateTo(Topic<?, ?> topic) {
    late.to(topic);
    return this;
  }

  /// Merges something into the value of the current event's session. Sessions that it joins are
  /// united first, in the order of their starts; one that it begins has the initial value.
  ///
  /// @return the new value; empty if the event is late
  public <E> Optional<V> merge(
      K key, E item, BiFunction<? super V, ? super E, ? extends V> function) {
    CurrentEvent event = CurrentEvent.required(label);
    long time = event.windowTime(name);
    EventTable partition = event.table(name);
    byte[] encoded = event.encoded(key, keys);
    partition.requireOwn(encoded);
    ByteKey list = StoreKeys.sessions(encoded);
    Places listed = Optional.ofNullable(partition.read(list, Places.CODEC)).orElse(Places.NONE);
    Places after = listed;
    long place = time;
    Session<V> united = null;
    for (int i = 0; i < listed.size(); i++) {
      long other = listed.get(i);
      ByteKey stored = StoreKeys.windowed(other, encoded);
      Session<V> session = open(partition, stored, event.streamTime());
      if (session == null) {
        after = after.without(other);
      } else if (sessions.joins(session.start(), session.end(), time)) {
        if (united == null) {
          place = other;
          united = session;
        } else {
          united = united(united, session);
          partition.write(stored, null, codec);
          after = after.without(other);
        }
      }
    }
    long end = time + sessions.gapMillis();
    if (united == null) {
      if (sessions.isClosed(end, event.streamTime())) {
        late.met(event, time, time, 1);
        return Optional.empty();
      }
      united = new Session<>(time, end, values.initial().get());
      after = after.with(place);
      ByteKey inLine = StoreKeys.sessionByClose(sessions.closesAt(end), place, encoded);
      partition.write(inLine, NOTHING, Codecs.bytes());
    }
    V merged = function.apply(united.value(), item);
    Session<V> grown =
        new Session<>(Math.min(united.start(), time), Math.max(united.end(), end), merged);
    partition.write(StoreKeys.windowed(place, encoded), grown, codec);
    if (after != listed) {
      partition.write(list, after, Places.CODEC);
    }
    return Optional.of(merged);
  }

  private Session<V> united(Session<V> earlier, Session<V> later) {
    return new Session<>(
        Math.min(earlier.start(), later.start()),
        Math.max(earlier.end(), later.end()),
        union.apply(earlier.value(), later.value()));
  }

  /// The key's value in the session that holds the current event; empty if there is none.
  public Optional<V> current(K key) {
    return at(key, CurrentEvent.required(label).timestamp());
  }

  /// The key's value in the session that holds a moment, if it has not closed.
  ///
  /// @param epochMillis event time
  public Optional<V> at(K key, long epochMillis) {
    for (Map.Entry<Window, V> session : open(key).entrySet()) {
      if (session.getKey().holds(epochMillis)) {
        return Optional.of(session.getValue());
      }
    }
    return Optional.empty();
  }

  /// The key's sessions that have not closed, in the order of their starts.
  public SequencedMap<Window, V> open(K key) {
    CurrentEvent event = CurrentEvent.required(label);
    byte[] encoded = event.encoded(key, keys);
    EventTable partition = event.table(name);
    partition.requireOwn(encoded);
    SequencedMap<Window, V> found = new LinkedHashMap<>();
    Places listed =
        Optional.ofNullable(partition.read(StoreKeys.sessions(encoded), Places.CODEC))
            .orElse(Places.NONE);
    for (int i = 0; i < listed.size(); i++) {
      ByteKey stored = StoreKeys.windowed(listed.get(i), encoded);
      Session<V> session = open(partition, stored, event.streamTime());
      if (session != null) {
        found.put(new Window(session.start(), session.end()), session.value());
      }
    }
    return found;
  }

  /// A session by the stream time of the event at hand: what has closed by that is none any more,
  /// even where it is still there.
  private @Nullable Session<V> open(EventTable partition, ByteKey stored, long streamTime) {
    Session<V> session = partition.read(stored, codec);
    return session == null || sessions.isClosed(session.end(), streamTime) ? null : session;
  }

  @Override
  public String toString() {
    return "table of sessions " + name;
  }

  private record OnClose<K, V>(SessionTable<K, V> table, CloseHandler<K, V> handler)
      implements WindowClosing {

    @Override
    public Codec<Session<V>> stored() {
      return table.codec;
    }

    @Override
    @SuppressWarnings("unchecked") // read with the table's codec
    public AgentSpec.Call bind(ByteKey window, Object value) {
      Session<V> session = (Session<V>) value;
      ClosedWindow<K, V> closed =
          new ClosedWindow<>(
              table.keys.decode(StoreKeys.own(window)),
              session.value(),
              new Window(session.start(), session.end()));
      return () -> handler.closed(closed);
    }
  }
}
