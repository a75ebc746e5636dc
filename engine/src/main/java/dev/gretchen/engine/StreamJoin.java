package dev.gretchen.engine;

import dev.gretchen.engine.internal.join.Held;
import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.join.SideTimes;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.JoinKeys;
import dev.gretchen.engine.internal.store.KeyRange;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.task.EventTable;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.WindowClosing;
import dev.gretchen.engine.internal.window.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// Joins two streams: each event meets those of the other side that came before it, and is held for
/// those that come after it. So each pair is made once, by the later of the two in the log's order,
/// whatever the order of their event times.
///
/// **Alone.** An event is held as one that is *awaited* where it is to be told that nobody came,
/// and nobody has come yet. Who meets it takes that mark away, in the same transaction as the pair;
/// when it is done ([WindowSpec.Join]), the table's closer tells those that still have it. One that
/// is done when it comes, because its side is behind, is told at once and not held at all: the
/// other side's events that it could have met are still there, since they wait for its own side.
///
/// Tells the truth of events that are not late. Late is one by its own side's time alone, so the
/// result does not depend on how the sides come to be in one order.
final class StreamJoin<K, L, R> implements AgentSpec.Reader, WindowClosing {

  private static final byte[] NOTHING = new byte[0];

  /// Events that are read at a time of those that one meets.
  private static final int PAGE = 1_000;

  private final JoinSides<K, L, R> sides;
  private final WindowSpec.Join window;
  private final JoinKind kind;
  private final LateEvents late;
  private final JoinHandler<K, L, R> handler;
  private final String name;

  StreamJoin(
      JoinSides<K, L, R> sides,
      WindowSpec.Join window,
      JoinKind kind,
      LateEvents late,
      JoinHandler<K, L, R> handler) {
    this.sides = sides;
    this.window = window;
    this.kind = kind;
    this.late = late;
    this.handler = handler;
    this.name = sides.join();
  }

  @Override
  public AgentSpec.Call read(ConsumerRecord<byte[], byte[]> source) {
    JoinSides.Arrival<K, L, R> arrival = sides.read(source);
    return () -> handle(source, arrival);
  }

  private void handle(ConsumerRecord<byte[], byte[]> source, JoinSides.Arrival<K, L, R> arrival)
      throws Exception {
    CurrentEvent event = CurrentEvent.required("join " + name);
    EventTable table = event.table(name);
    Side side = arrival.side();
    long time = event.windowTime(name);
    SideTimes times = passed(table, side, time);
    if (window.isLate(side, time, times)) {
      late.met(event, time, time, 1);
      return;
    }
    byte[] key = source.key();
    table.requireOwn(key);
    List<EventTable.Found<Held>> others = others(table, side, key, time);
    for (EventTable.Found<Held> other : others) {
      if (other.value().isAwaited()) {
        table.write(other.key(), other.value().met(), Held.CODEC);
      }
      Joined<K, L, R> pair = pair(arrival, other, time);
      event.timed(pair.timestamp(), () -> handler.joined(pair));
    }
    boolean isAlone = others.isEmpty() && kind.tells(side);
    if (time > window.lastDone(side, times)) {
      Held held = new Held(isAlone, id(source), source.value());
      table.write(JoinKeys.held(side, key, time, source.offset()), held, Held.CODEC);
      table.write(JoinKeys.inLine(side, key, time, source.offset()), NOTHING, Codecs.bytes());
    } else if (isAlone) {
      handler.joined(new Joined<>(arrival.key(), arrival.left(), arrival.right(), time));
    }
  }

  /// Notes that a side has come so far.
  private static SideTimes passed(EventTable table, Side side, long time) {
    SideTimes known = table.read(JoinKeys.TIMES, SideTimes.CODEC);
    SideTimes before = known == null ? SideTimes.UNKNOWN : known;
    SideTimes now = before.with(side, time);
    if (!now.equals(before)) {
      table.write(JoinKeys.TIMES, now, SideTimes.CODEC);
    }
    return now;
  }

  /// The events of the other side that an event meets, by their times.
  private List<EventTable.Found<Held>> others(EventTable table, Side side, byte[] key, long time) {
    KeyRange range =
        JoinKeys.range(side.other(), key, window.firstMet(side, time), window.lastMet(side, time));
    List<EventTable.Found<Held>> all = new ArrayList<>();
    while (true) {
      List<EventTable.Found<Held>> page = table.scan(range, PAGE, Held.CODEC, _ -> true);
      all.addAll(page);
      if (page.size() < PAGE) {
        return all;
      }
      range = range.after(page.getLast().key());
    }
  }

  private Joined<K, L, R> pair(
      JoinSides.Arrival<K, L, R> arrival, EventTable.Found<Held> other, long time) {
    long later = Math.max(time, JoinKeys.time(other.key()));
    byte[] value = other.value().value();
    return arrival.side() == Side.LEFT
        ? new Joined<>(arrival.key(), arrival.left(), sides.right().decodeValue(value), later)
        : new Joined<>(arrival.key(), sides.left().decodeValue(value), arrival.right(), later);
  }

  private static byte @Nullable [] id(ConsumerRecord<byte[], byte[]> source) {
    Header id = source.headers().lastHeader(Event.ID_HEADER);
    return id == null || id.value().length > Held.ID_BYTES_MAX ? null : id.value();
  }

  @Override
  public Codec<Held> stored() {
    return Held.CODEC;
  }

  @Override
  public byte[] letter(Object value) {
    return ((Held) value).value();
  }

  /// An event is done, and was alone.
  @Override
  public AgentSpec.Call bind(ByteKey key, Object value) {
    Held held = (Held) value;
    K own = sides.left().keys().decode(StoreKeys.own(key));
    long time = JoinKeys.time(key);
    Joined<K, L, R> alone =
        JoinKeys.side(key) == Side.LEFT
            ? new Joined<>(own, sides.left().decodeValue(held.value()), null, time)
            : new Joined<>(own, null, sides.right().decodeValue(held.value()), time);
    byte[] id = held.id();
    return () -> {
      if (id != null) {
        CurrentEvent.required("join " + name).identified(id);
      }
      handler.joined(alone);
    };
  }
}
