package dev.gretchen.testkit.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// The log of one partition: records, the markers that end transactions, and what a broker knows of
/// each producer.
///
/// **Offsets** rise and have gaps: a marker takes one, and compaction leaves holes. **The last
/// stable offset** is where the oldest open transaction begins; readers of committed records see
/// nothing from there on. **Idempotence** as Kafka has it: of each producer's epoch the last
/// batches are remembered; one of them sent again gives its old offset, a gap in the sequence is
/// refused.
final class Log {

  private static final int BATCHES_REMEMBERED = 5;

  private final List<Slot> slots = new ArrayList<>();

  /// Everything that ever was, whatever compaction and retention have taken since: for the judge.
  private final List<Slot> ever = new ArrayList<>();

  private final Map<Long, ProducerState> producers = new HashMap<>();
  private final Map<Long, Long> open = new HashMap<>();
  private long start;
  private long end;

  /// One offset.
  private static final class Slot {
    final StoredRecord record;
    final boolean isMarker;
    boolean aborted;

    Slot(StoredRecord record, boolean isMarker) {
      this.record = record;
      this.isMarker = isMarker;
    }
  }

  private static final class ProducerState {
    short epoch;
    int lastSequence = -1;
    final ArrayDeque<Batch> batches = new ArrayDeque<>();
  }

  private record Batch(int baseSequence, int count, long baseOffset) {}

  long start() {
    return start;
  }

  /// Offset of the next record: the high watermark, since nothing is lost here.
  long end() {
    return end;
  }

  /// The last stable offset: committed readers read up to here.
  long stableEnd() {
    long stable = end;
    for (long first : open.values()) {
      stable = Math.min(stable, first);
    }
    return stable;
  }

  /// Appends a batch, or finds that it is there already.
  Reply.Produced append(
      long producerId,
      short epoch,
      boolean transactional,
      int baseSequence,
      List<Message> messages,
      long nowNanos) {
    if (producerId >= 0) {
      ProducerState state = producers.get(producerId);
      if (state != null && epoch < state.epoch) {
        return new Reply.Produced(Errors.INVALID_PRODUCER_EPOCH, -1);
      }
      if (state != null && epoch == state.epoch) {
        for (Batch batch : state.batches) {
          if (batch.baseSequence == baseSequence && batch.count == messages.size()) {
            return new Reply.Produced(Errors.NONE, batch.baseOffset);
          }
        }
      }
      Errors refused = sequenceError(state, epoch, baseSequence);
      if (refused != Errors.NONE) {
        return new Reply.Produced(refused, -1);
      }
    }
    long base = end;
    for (Message message : messages) {
      add(new StoredRecord(end, nowNanos, producerId, epoch, transactional, message), false);
    }
    if (producerId >= 0) {
      remember(producerId, epoch, new Batch(baseSequence, messages.size(), base));
    }
    if (transactional) {
      open.putIfAbsent(producerId, base);
    }
    return new Reply.Produced(Errors.NONE, base);
  }

  private static Errors sequenceError(
      @Nullable ProducerState state, short epoch, int baseSequence) {
    if (state == null) {
      return Errors.NONE;
    }
    int expected = epoch > state.epoch ? 0 : state.lastSequence + 1;
    return baseSequence == expected ? Errors.NONE : Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
  }

  private void remember(long producerId, short epoch, Batch batch) {
    ProducerState state = producers.computeIfAbsent(producerId, _ -> new ProducerState());
    if (epoch > state.epoch) {
      state.batches.clear();
    }
    state.epoch = epoch;
    state.lastSequence = batch.baseSequence + batch.count - 1;
    state.batches.add(batch);
    if (state.batches.size() > BATCHES_REMEMBERED) {
      state.batches.removeFirst();
    }
  }

  /// Ends a producer's transaction here. The marker carries the epoch that the producer has from
  /// now on, so that a batch of the ended transaction that comes late is refused.
  void mark(long producerId, short epoch, boolean commit, long nowNanos) {
    Long first = open.remove(producerId);
    if (first != null && !commit) {
      for (int i = indexOf(first); i < slots.size(); i++) {
        Slot slot = slots.get(i);
        if (slot.record.transactional() && slot.record.producerId() == producerId) {
          slot.aborted = true;
        }
      }
    }
    add(
        new StoredRecord(
            end, nowNanos, producerId, epoch, true, new Message(0, null, null, List.of())),
        true);
    ProducerState state = producers.computeIfAbsent(producerId, _ -> new ProducerState());
    state.epoch = epoch;
    state.lastSequence = -1;
    state.batches.clear();
  }

  private void add(StoredRecord record, boolean isMarker) {
    Slot slot = new Slot(record, isMarker);
    slots.add(slot);
    ever.add(slot);
    end++;
  }

  /// All records that were ever committed, up to the last stable offset.
  List<StoredRecord> everCommitted() {
    long stable = stableEnd();
    return ever.stream()
        .filter(slot -> !slot.isMarker && !slot.aborted && slot.record.offset() < stable)
        .map(slot -> slot.record)
        .toList();
  }

  /// Whether a producer has an open transaction here.
  boolean isOpen(long producerId) {
    return open.containsKey(producerId);
  }

  /// Reads records.
  Reply.Slice read(long position, boolean committed, int messagesMax) {
    if (position < start || position > end) {
      return new Reply.Slice(Errors.OFFSET_OUT_OF_RANGE, List.of(), position, start, end);
    }
    long limit = committed ? stableEnd() : end;
    List<StoredRecord> found = new ArrayList<>();
    long next = position;
    for (int i = indexOf(position); i < slots.size() && found.size() < messagesMax; i++) {
      Slot slot = slots.get(i);
      if (slot.record.offset() >= limit) {
        break;
      }
      if (!slot.isMarker && !(committed && slot.aborted)) {
        found.add(slot.record);
      }
      next = slot.record.offset() + 1;
    }
    return new Reply.Slice(Errors.NONE, found, next, start, end);
  }

  private int indexOf(long offset) {
    int low = 0;
    int high = slots.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (slots.get(middle).record.offset() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Retention: everything before an offset goes.
  void deleteBefore(long offset) {
    start = Math.clamp(offset, start, end);
    slots.subList(0, indexOf(start)).clear();
  }

  /// Compaction: of each key the last committed record stays, a tombstone only for its time;
  /// aborted records go, and markers with them when their time is over. What is not stable yet, and
  /// the newest records, as in a segment that is still written, are left alone.
  ///
  /// @param untouched how many of the newest offsets are left alone
  void compact(long untouched, long tombstonesKeptNanos, long nowNanos) {
    long bound = Math.min(stableEnd(), end - untouched);
    int last = indexOf(bound);
    Set<Key> seen = new HashSet<>();
    List<Slot> kept = new ArrayList<>();
    for (int i = last - 1; i >= 0; i--) {
      Slot slot = slots.get(i);
      boolean old = nowNanos - slot.record.writtenNanos() > tombstonesKeptNanos;
      if (slot.isMarker ? !old : !slot.aborted && isLast(slot, seen, old)) {
        kept.add(slot);
      }
    }
    List<Slot> rest = List.copyOf(slots.subList(last, slots.size()));
    slots.clear();
    slots.addAll(kept.reversed());
    slots.addAll(rest);
  }

  private static boolean isLast(Slot slot, Set<Key> seen, boolean old) {
    byte[] key = slot.record.message().key();
    if (key == null || !seen.add(new Key(key))) {
      return false;
    }
    return slot.record.message().value() != null || !old;
  }

  private record Key(byte[] bytes) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key(byte[] theirs) && Arrays.equals(bytes, theirs);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}
