package dev.gretchen.engine.internal.progress;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Keeps account of one input partition whose events end out of order: which have ended, what may
/// be committed, and which a predecessor has done already.
///
/// **Algorithm.** Records come in the order of their offsets, once each. One that the predecessor
/// has done is *skipped*; any other is *started*, and unfinished until it is *ended*. The committed
/// offset is the lowest unfinished one, or the *position*, where the next record will be, if there
/// is none. The memory needed is for the unfinished events, however many have ended beyond them.
///
/// **Stream time** is the highest timestamp of all records so far, skipped ones included: what is
/// late is decided in the order of offsets, so a successor decides the same. With each unfinished
/// event is kept what stream time was before it. So [#baseStreamTime] is stream time at the
/// committed offset: what a successor must begin with, and by which windows may be dropped. (By the
/// stream time of later events a window would go that an unfinished event still writes to.)
///
/// **After a takeover** the predecessor's unfinished offsets are *awaited* until their records
/// come. The committed offset does not pass the position until then, though what lies beyond is
/// known to be done: of skipped records the stream time is not known yet.
///
/// **Room.** [#hasRoom] keeps the encoding of all this within what brokers accept
/// ([ProgressFormat]).
///
/// Not thread-safe.
public final class ProgressTracker {

  private final int unfinishedMax;
  private final long doneBefore;

  /// Of the predecessor, not met yet; all at or beyond the position, rising.
  private final TreeSet<Long> awaited;

  /// Started and not ended -> stream time before it; all below the position.
  private final TreeMap<Long, Long> started = new TreeMap<>();

  private long position;
  private long end;
  private long streamTime;

  /// What the distances between unfinished offsets cost in the encoding.
  private int distancesBytes;

  /// @param start what the predecessor has committed
  /// @param streamTime at its offset
  /// @param unfinishedMax how many events may be unfinished, beside what fits the encoding
  public ProgressTracker(Progress start, long streamTime, int unfinishedMax) {
    this.unfinishedMax = unfinishedMax;
    this.position = start.offset();
    this.end = start.end();
    this.doneBefore = start.end();
    this.streamTime = streamTime;
    this.awaited = new TreeSet<>(start.unfinished());
    Long before = null;
    for (long each : awaited) {
      distancesBytes += before == null ? 0 : ProgressFormat.sizeOf(before, each);
      before = each;
    }
  }

  /// Whether the next record, which is at an offset, may come: started, it would be one unfinished
  /// event more. There is always room where nothing is unfinished.
  public boolean hasRoom(long offset) {
    forgetAwaitedBelow(offset);
    if (offset < doneBefore) {
      return true;
    }
    Long last = lastUnfinished();
    return last == null
        || (unfinished() < unfinishedMax
            && distancesBytes + ProgressFormat.sizeOf(last, offset)
                <= ProgressFormat.DISTANCES_BYTES_MAX);
  }

  /// The next record has come.
  ///
  /// @param offset higher than any before
  /// @return whether it is to be handled; else it was done by the predecessor
  public boolean start(long offset, long timestamp) {
    if (offset < position) {
      throw new IllegalStateException(
          "records come in their order: expected offset "
              + position
              + " or higher, found "
              + offset);
    }
    forgetAwaitedBelow(offset);
    long before = streamTime;
    streamTime = Math.max(streamTime, timestamp);
    position = offset + 1;
    if (offset < doneBefore && !awaited.remove(offset)) {
      return false;
    }
    if (offset >= doneBefore) {
      Long last = lastUnfinished();
      distancesBytes += last == null ? 0 : ProgressFormat.sizeOf(last, offset);
    }
    started.put(offset, before);
    return true;
  }

  /// There are no more records below a position.
  public void reached(long next) {
    forgetAwaitedBelow(next);
    position = Math.max(position, next);
  }

  /// A started event has ended, and its effects are part of the next commit.
  public void ended(long offset) {
    if (!started.containsKey(offset)) {
      throw new IllegalStateException("offset " + offset + " is not under way");
    }
    account(offset);
    started.remove(offset);
    end = Math.max(end, offset + 1);
  }

  /// Records that the predecessor left unfinished and that the log no longer has.
  private void forgetAwaitedBelow(long offset) {
    while (!awaited.isEmpty() && awaited.first() < offset) {
      account(awaited.first());
      awaited.removeFirst();
    }
  }

  /// Takes an unfinished offset out of the account of distances.
  private void account(long offset) {
    Long before = started.lowerKey(offset);
    if (before == null) {
      before = awaited.lower(offset);
    }
    Long after = started.higherKey(offset);
    if (after == null) {
      after = awaited.higher(offset);
    }
    if (before != null) {
      distancesBytes -= ProgressFormat.sizeOf(before, offset);
    }
    if (after != null) {
      distancesBytes -= ProgressFormat.sizeOf(offset, after);
    }
    if (before != null && after != null) {
      distancesBytes += ProgressFormat.sizeOf(before, after);
    }
  }

  private @Nullable Long lastUnfinished() {
    if (!awaited.isEmpty()) {
      return awaited.last();
    }
    return started.isEmpty() ? null : started.lastKey();
  }

  /// How many events are unfinished, those included that are still awaited.
  public int unfinished() {
    return started.size() + awaited.size();
  }

  /// What may be committed, together with the effects of all events that have ended.
  public Progress progress() {
    long offset = started.isEmpty() ? position : started.firstKey();
    if (end <= offset) {
      return Progress.at(offset);
    }
    List<Long> unfinished = new ArrayList<>(started.headMap(end).keySet());
    unfinished.addAll(awaited);
    return new Progress(offset, end, unfinished);
  }

  /// Stream time of the record that came last.
  public long streamTime() {
    return streamTime;
  }

  /// Stream time at the committed offset: of all records below it.
  public long baseStreamTime() {
    return started.isEmpty() ? streamTime : started.firstEntry().getValue();
  }
}
