package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.store.StoreKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What has come of a task's events since the last seal: what they sent and changed, and how far
/// the input and its time have come. Whoever adds to it adds a whole unit (an event, a batch, a
/// window that has closed) while holding the lock, so that a seal never finds half of one.
///
/// Guarded by the task's lock, but for what says otherwise.
final class OpenEpoch {

  /// Windows dropped with one event, so that expiry is spread over commits.
  private static final int EXPIRED_PER_EVENT_MAX = 500;

  private final List<TablePartition> tables;
  private long number = 1;
  private long nextOffset = -1;
  private long sealedOffset = -1;
  private long lastHandled = -1;
  private long streamTime = Long.MIN_VALUE;
  private long sealedStreamTime = Long.MIN_VALUE;
  private boolean hasClosed;
  private List<Output> outputs = new ArrayList<>();
  private long bytes;

  /// @param tables of the task; looked at only once all are there
  OpenEpoch(List<TablePartition> tables) {
    this.tables = tables;
  }

  /// The stream time that lies with the tables' data; the beginning of time where none does. Reads
  /// the stores, so without the lock.
  long storedStreamTime() {
    long latest = Long.MIN_VALUE;
    for (TablePartition table : tables) {
      byte[] stored =
          table.spec().keepsStreamTime() ? table.store().get(StoreKeys.STREAM_TIME.bytes()) : null;
      if (stored != null) {
        latest = Math.max(latest, ByteBuffer.wrap(stored).getLong());
      }
    }
    return latest;
  }

  /// The task begins, where its predecessor has ended.
  void begin(long offset, long storedStreamTime) {
    nextOffset = offset;
    sealedOffset = offset;
    lastHandled = Math.max(0, offset - 1);
    streamTime = storedStreamTime;
    sealedStreamTime = storedStreamTime;
  }

  /// Everything before it is handled.
  long nextOffset() {
    return nextOffset;
  }

  /// There is nothing to handle before an offset, beyond which the next events are.
  void reached(long offset) {
    nextOffset = Math.max(nextOffset, offset);
  }

  /// Events that are handled beside one another have come so far.
  ///
  /// @param base stream time below which nothing is unfinished
  void reached(long offset, long base) {
    nextOffset = offset;
    streamTime = base;
  }

  /// Has the tables find what expires, to go with the unit at hand. Events that come one after
  /// another do so without the lock, because the stores may have to be read.
  void expire(long time) {
    for (int i = 0; i < tables.size(); i++) {
      tables.get(i).expire(time, EXPIRED_PER_EVENT_MAX);
    }
  }

  /// The next event is complete, and the tables have what it has written.
  ///
  /// @return the bytes added, roughly; as of all that adds
  long complete(long offset, long time, @Nullable Output deadLetter, List<Output> sent) {
    long added = add(deadLetter) + add(sent) + stage(offset);
    nextOffset = offset + 1;
    streamTime = time;
    return added;
  }

  /// A window has closed, and the tables have what that has written.
  long close(@Nullable Output deadLetter, List<Output> sent) {
    hasClosed = true;
    return add(deadLetter) + add(sent) + stage(lastHandled);
  }

  /// Stream time has come so far by an event that is not complete yet.
  void passed(long time) {
    streamTime = time;
  }

  long add(List<Output> sent) {
    long added = 0;
    for (int i = 0; i < sent.size(); i++) {
      outputs.add(sent.get(i));
      added += sent.get(i).size();
    }
    bytes += added;
    return added;
  }

  private long add(@Nullable Output deadLetter) {
    if (deadLetter == null) {
      return 0;
    }
    outputs.add(deadLetter);
    bytes += deadLetter.size();
    return deadLetter.size();
  }

  /// What was written because of an event becomes the tables' values.
  long stage(long offset) {
    long added = 0;
    for (int i = 0; i < tables.size(); i++) {
      added += tables.get(i).stageWritten(number, offset);
    }
    lastHandled = offset;
    bytes += added;
    return added;
  }

  /// How far events that come one after another have come; null where nothing has ended since the
  /// last seal.
  @Nullable Progress progress() {
    return nextOffset == sealedOffset && !hasClosed ? null : Progress.at(nextOffset);
  }

  /// Hands over everything, and begins anew.
  TaskEpoch seal(Task task, Progress progress) {
    stageStreamTime();
    if (hasClosed) {
      tables.forEach(table -> table.stageClosedUpTo(lastHandled));
    }
    Map<String, List<StagedChange>> changes = new LinkedHashMap<>();
    for (TablePartition table : tables) {
      changes.put(table.spec().name(), table.seal());
    }
    TaskEpoch sealed = new TaskEpoch(task, progress, outputs, changes, bytes);
    outputs = new ArrayList<>();
    bytes = 0;
    sealedOffset = nextOffset;
    hasClosed = false;
    number++;
    return sealed;
  }

  private void stageStreamTime() {
    if (streamTime == sealedStreamTime) {
      return;
    }
    byte[] encoded = ByteBuffer.allocate(Long.BYTES).putLong(streamTime).array();
    for (TablePartition table : tables) {
      if (table.spec().keepsStreamTime()) {
        table.stageStreamTime(encoded, nextOffset - 1);
      }
    }
    sealedStreamTime = streamTime;
  }

  /// Whether the windows that have closed were sealed, and all that was is in the store.
  ///
  /// @param appliedEpochs how many sealed epochs the store holds
  boolean isApplied(long appliedEpochs) {
    return !hasClosed && appliedEpochs == number - 1;
  }

  /// Drops everything.
  ///
  /// @return the bytes that were staged, roughly
  long drop() {
    long dropped = bytes;
    outputs = new ArrayList<>();
    bytes = 0;
    tables.forEach(TablePartition::seal);
    return dropped;
  }
}
