package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.KeyRange;
import dev.gretchen.engine.internal.store.StoreKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A table partition as one of several events under way sees it: what this event has written, over
/// what earlier events of its lane have left in the partition.
///
/// What others write at the same time it never meets: a key is touched under its own lane alone,
/// and a lane has one event at a time. So a value that was read stays true until the event ends.
///
/// Confined to the event's thread; the partition is looked at under the task's lock.
final class LaneTable implements EventTable {

  private static final int SHOWN_BYTES_MAX = 64;

  private final TablePartition partition;
  private final CurrentEvent current;
  private final ReentrantLock lock;

  /// Of this event alone: what it has read and written.
  private Cells touched = new Cells();

  private final List<Cell> written = new ArrayList<>();
  private List<Lanes.Admitted> events = List.of();
  private boolean anyKey;

  /// Of a batch: the events of each key; empty until it is asked for.
  private final Map<ByteKey, Span> spans = new HashMap<>();

  /// Of a batch: the events that are named as causes of what is written.
  private final IdentityHashMap<Cell, Span> caused = new IdentityHashMap<>();

  /// Offsets of the first and the last event of a key.
  private record Span(long first, long last) {}

  LaneTable(TablePartition partition, CurrentEvent current, ReentrantLock lock) {
    this.partition = partition;
    this.current = current;
    this.lock = lock;
  }

  /// An event begins, or a batch.
  ///
  /// @param begun in the order of their offsets
  /// @param wholePartition whether their lane is all that the partition has
  void enter(List<Lanes.Admitted> begun, boolean wholePartition) {
    events = begun;
    anyKey = wholePartition;
    spans.clear();
  }

  @Override
  public Cell at(byte[] key) {
    Cell cell = touched.find(key);
    return cell == null ? add(StoreKeys.plain(key)) : cell;
  }

  @Override
  public Cell at(long windowStart, byte[] key) {
    Cell cell = touched.find(windowStart, key);
    return cell == null ? add(StoreKeys.windowed(windowStart, key)) : cell;
  }

  @Override
  public Cell at(ByteKey key) {
    Cell cell = touched.find(key);
    return cell == null ? add(key) : cell;
  }

  private Cell add(ByteKey key) {
    Cell cell = new Cell(key);
    touched.add(cell);
    return cell;
  }

  @Override
  @SuppressWarnings("unchecked") // whatever a cell holds was given or decoded with the same codec
  public <V> @Nullable V read(Cell cell, Codec<V> codec) {
    if (!cell.isKnown()) {
      cell.learn(look(cell.key, codec));
    }
    return (V) cell.value();
  }

  /// The store is read and decoded without the lock: of a key that no cell has, it holds the last
  /// value, and nobody but this event can change that.
  private @Nullable Object look(ByteKey key, Codec<?> codec) {
    lock.lock();
    try {
      Cell cell = partition.find(key);
      if (cell != null && cell.isKnown()) {
        return cell.value();
      }
    } finally {
      lock.unlock();
    }
    byte[] stored = partition.store().get(key.bytes());
    return stored == null ? null : codec.decode(stored);
  }

  @Override
  @SuppressWarnings("unchecked") // a value only ever meets the codec that came with it
  public <V> void write(Cell cell, @Nullable V value, Codec<V> codec) {
    partition.requireWritable(cell.key, value, codec, current);
    if (cell.write(value, (Codec<Object>) codec)) {
      written.add(cell);
    }
    if (current.isCausing()) {
      long offset = current.source().offset();
      caused.merge(
          cell,
          new Span(offset, offset),
          (span, _) -> new Span(Math.min(span.first(), offset), Math.max(span.last(), offset)));
    }
  }

  /// The store is read without the lock, as in [#look]: nobody but this event changes its keys.
  @Override
  public <V> List<Found<V>> scan(
      KeyRange range, int limit, Codec<V> codec, Predicate<? super V> counts) {
    NavigableMap<ByteKey, @Nullable Object> over;
    lock.lock();
    try {
      over = partition.notStored(range);
    } finally {
      lock.unlock();
    }
    for (Cell cell : written) {
      if (range.contains(cell.key)) {
        over.put(cell.key, cell.value());
      }
    }
    return new Scan<>(partition.store(), over, codec, counts).of(range, limit);
  }

  @Override
  public void requireWhole() {
    if (!anyKey) {
      throw new IllegalStateException(
          "table "
              + partition.spec().name()
              + ": a range of keys is read while events of other lanes may be changing them; handle one event at a time with"
              + " concurrency(1), or read the lane's own key");
    }
  }

  @Override
  public void requireOwn(byte[] key) {
    if (!anyKey && !isLane(key)) {
      ByteKey own = events.getLast().lane();
      throw new IllegalStateException(
          "table "
              + partition.spec().name()
              + ": the event at hand is handled in the lane of key "
              + shown(own)
              + " and touches key "
              + shown(new ByteKey(key))
              + ", which an event of another lane may be changing at this moment; name the lane with Agent.laneBy(...) by the key that the"
              + " table is touched under, or re-key through a topic, or handle one event at a time with concurrency(1)");
    }
    partition.requireHome(key, current);
  }

  private boolean isLane(byte[] key) {
    for (Lanes.Admitted event : events) {
      ByteKey own = event.lane();
      if (own != null && Arrays.equals(own.bytes(), key)) {
        return true;
      }
    }
    return false;
  }

  private static String shown(@Nullable ByteKey key) {
    return key == null
        ? "(none)"
        : "'"
            + new String(
                key.bytes(),
                0,
                Math.min(key.bytes().length, SHOWN_BYTES_MAX),
                StandardCharsets.UTF_8)
            + "'";
  }

  @Override
  public void discardWritten() {
    if (touched.size() > 0) {
      touched = new Cells();
    }
    written.clear();
    caused.clear();
  }

  /// The event is complete, or the batch that it belongs to: what it has written goes to the
  /// partition. Under the task's lock.
  ///
  /// What a batch has written stands for the events that were named as its causes, and goes along
  /// with the first and the last of them. Where none were named, it stands for all events of its
  /// key, and where there are none, for the whole batch.
  void join(Lanes.Admitted event) {
    long offset = event.source().offset();
    for (Cell cell : written) {
      Span span = events.size() == 1 ? null : spanOf(cell);
      if (span == null || span.first() == offset || span.last() == offset) {
        cell.writeInto(partition.at(cell.key), partition);
      }
    }
  }

  private Span spanOf(Cell cell) {
    Span named = caused.get(cell);
    if (named != null) {
      return named;
    }
    if (spans.isEmpty()) {
      for (Lanes.Admitted event : events) {
        byte[] bytes = event.source().key();
        ByteKey key = !anyKey ? event.lane() : bytes == null ? null : new ByteKey(bytes);
        long offset = event.source().offset();
        if (key != null) {
          spans.merge(key, new Span(offset, offset), (span, _) -> new Span(span.first(), offset));
        }
      }
    }
    return spans.getOrDefault(
        new ByteKey(StoreKeys.own(cell.key)),
        new Span(events.getFirst().source().offset(), events.getLast().source().offset()));
  }
}
