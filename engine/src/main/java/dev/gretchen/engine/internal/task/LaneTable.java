package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.internal.store.ByteKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
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
  private final Map<ByteKey, Value> read = new LinkedHashMap<>();
  private final Map<ByteKey, Value> written = new LinkedHashMap<>();
  private @Nullable ByteKey lane;
  private boolean anyKey;

  private record Value(@Nullable Object value, @Nullable Codec<Object> codec) {}

  LaneTable(TablePartition partition, CurrentEvent current, ReentrantLock lock) {
    this.partition = partition;
    this.current = current;
    this.lock = lock;
  }

  /// An event begins.
  ///
  /// @param itsLane null for a lane of its own
  /// @param wholePartition whether its lane is all that the partition has
  void enter(@Nullable ByteKey itsLane, boolean wholePartition) {
    lane = itsLane;
    anyKey = wholePartition;
  }

  @Override
  @SuppressWarnings("unchecked") // whatever is kept was given or decoded with the same codec
  public <V> @Nullable V read(ByteKey key, Codec<V> codec) {
    Value known = written.get(key);
    if (known == null) {
      known = read.get(key);
    }
    if (known == null) {
      known = new Value(look(key, codec), null);
      read.put(key, known);
    }
    return (V) known.value();
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
  public <V> void write(ByteKey key, @Nullable V value, Codec<V> codec) {
    partition.requireWritable(key, value, codec, current);
    written.put(key, new Value(value, (Codec<Object>) codec));
  }

  @Override
  public void requireOwn(byte[] key) {
    ByteKey own = lane;
    if (!anyKey && (own == null || !Arrays.equals(own.bytes(), key))) {
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
    read.clear();
    written.clear();
  }

  /// The event is complete: what it has written goes to the partition. Under the task's lock.
  void join() {
    written.forEach((key, value) -> {
      Codec<Object> codec = value.codec();
      if (codec != null) {
        partition.write(key, value.value(), codec);
      }
    });
  }
}
