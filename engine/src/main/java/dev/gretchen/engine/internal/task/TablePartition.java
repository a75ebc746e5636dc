package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.KeyRange;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.window.WindowSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// A table partition as its task sees it: what the current event wrote, over what earlier events
/// wrote and is not in the store yet, over the store.
///
/// **The overlay** keeps a [Cell] for each key that was touched, with its live value: it is decoded
/// once when the store gives it, and encoded once when an epoch takes it along, however many events
/// read and change it in between. Values are immutable by contract ([dev.gretchen.engine.Table]),
/// so the committer may write one while handlers go on reading it.
///
/// **Cache.** When the committer has applied an epoch to the store, its cells are *clean*: they
/// could be dropped, and are kept as a cache until there are too many of them.
///
/// **Threads.** Confined to the task's activation, but for the changes of the open epoch, which the
/// task's lock guards and a seal takes away, and for the typical size, which the committer notes.
public final class TablePartition implements EventTable {

  private static final byte[] FIRST_WINDOW = StoreKeys.windowPrefix();

  @SuppressWarnings("unchecked") // it meets arrays of bytes alone
  private static final Codec<Object> ENGINES_OWN = (Codec<Object>) (Codec<?>) Codecs.bytes();

  private final TableSpec spec;
  private final StorePartition store;
  private final CurrentEvent current;
  private final int partitions;
  private final boolean careful;
  private final WindowSpec.@Nullable Aligned windows;
  private final @Nullable WindowCloser closer;
  private final Cells overlay = new Cells();

  /// Cells that the event at hand has written.
  private final List<Cell> written = new ArrayList<>();

  /// Windows of the overlay that were not found expired; those of the store need no such list.
  private final NavigableSet<ByteKey> unexpired = new TreeSet<>();

  private long nextExpiry = Long.MIN_VALUE;
  private byte[] expiryFrom = FIRST_WINDOW;
  private List<byte[]> expired = List.of();

  /// Of tables whose keys expire.
  private final @Nullable KeyExpiry keyExpiry;

  /// Of tables that are scanned; null until the first scan.
  private @Nullable Unstored unstored;

  private long appliedAtLastLook;

  /// Cells beyond which it is worth while to look for clean ones again.
  private int lookBeyond;

  private List<StagedChange> open = new ArrayList<>();

  /// Roughly the bytes of a value, to charge what is not encoded yet; 0 while nothing is known.
  private volatile int valueBytes;

  /// @param careful whether each value is encoded with its event, so that one that cannot be sent
  ///   is the failure of that event
  TablePartition(
      TableSpec spec, StorePartition store, CurrentEvent current, int partitions, boolean careful) {
    this.spec = spec;
    this.store = store;
    this.current = current;
    this.partitions = partitions;
    this.careful = careful;
    this.windows = spec.aligned();
    this.closer = WindowCloser.of(this);
    this.keyExpiry = spec.isExpiring() ? new KeyExpiry(spec, store, overlay) : null;
  }

  @Override
  public Cell at(byte[] key) {
    Cell cell = overlay.find(key);
    return cell == null ? add(StoreKeys.plain(key)) : cell;
  }

  @Override
  public Cell at(long windowStart, byte[] key) {
    Cell cell = overlay.find(windowStart, key);
    return cell == null ? add(StoreKeys.windowed(windowStart, key)) : cell;
  }

  @Override
  public Cell at(ByteKey key) {
    Cell cell = overlay.find(key);
    return cell == null ? add(key) : cell;
  }

  private Cell add(ByteKey key) {
    Cell cell = new Cell(key);
    overlay.add(cell);
    return cell;
  }

  @Override
  @SuppressWarnings("unchecked") // whatever a cell holds was given or decoded with the same codec
  public <V> @Nullable V read(Cell cell, Codec<V> codec) {
    if (!cell.isKnown()) {
      byte[] stored = store.get(cell.key.bytes());
      cell.learn(stored == null ? null : codec.decode(stored));
    }
    return (V) cell.value();
  }

  @Override
  public <V> void write(Cell cell, @Nullable V value, Codec<V> codec) {
    requireWritable(cell.key, value, codec, current);
    keep(cell, value, codec);
  }

  /// Looks at a value, where that is to be done with its event.
  ///
  /// @throws dev.gretchen.engine.EffectTooLarge if it cannot be sent
  <V> void requireWritable(ByteKey key, @Nullable V value, Codec<V> codec, CurrentEvent event) {
    if (value != null && (careful || valueBytes == 0)) {
      byte[] encoded = codec.encode(value);
      event.requireSendable("table " + spec.name(), key.bytes(), encoded);
      valueBytes = Math.max(1, encoded.length);
    }
  }

  /// Whether a key has a value.
  boolean has(ByteKey key) {
    Cell cell = overlay.find(key);
    if (cell != null && cell.isKnown()) {
      return cell.value() != null;
    }
    return store.get(key.bytes()) != null;
  }

  void delete(ByteKey key) {
    keep(at(key), null, ENGINES_OWN);
  }

  /// Writes what the engine keeps for itself: no event is at fault if it cannot be sent.
  @SuppressWarnings("unchecked") // a value only ever meets the codec that came with it
  <V> void keep(Cell cell, @Nullable V value, Codec<V> codec) {
    if (cell.write(value, (Codec<Object>) codec)) {
      written.add(cell);
    }
  }

  @Override
  public <V> List<Found<V>> scan(
      KeyRange range, int limit, Codec<V> codec, Predicate<? super V> counts) {
    return new Scan<>(store, notStored(range), codec, counts).of(range, limit);
  }

  /// What the store may not know yet of a range, null where a key is deleted; what the event at
  /// hand has written is among it.
  NavigableMap<ByteKey, @Nullable Object> notStored(KeyRange range) {
    Unstored cells = unstored;
    if (cells == null) {
      cells = new Unstored();
      overlay.forEach(cells::add);
      unstored = cells;
    }
    NavigableMap<ByteKey, @Nullable Object> values = cells.values(range, appliedAtLastLook);
    for (Cell cell : written) {
      if (range.contains(cell.key)) {
        values.put(cell.key, cell.value());
      }
    }
    return values;
  }

  @Override
  public void requireWhole() {
    // events come one after another
  }

  /// What is known of a key without asking the store; null for nothing.
  @Nullable Cell find(ByteKey key) {
    return overlay.find(key);
  }

  /// Refuses a key that belongs to another partition: the classic mistake of this model, by which
  /// one key gets several values.
  @Override
  public void requireOwn(byte[] key) {
    requireHome(key, current);
  }

  void requireHome(byte[] key, CurrentEvent event) {
    byte[] own = event.source().key();
    if (own == key || (own != null && Arrays.equals(own, key))) {
      return;
    }
    int home = Utils.toPositive(Utils.murmur2(key)) % partitions;
    if (home != event.source().partition()) {
      throw new IllegalStateException(
          "table "
              + spec.name()
              + ": the key belongs to partition "
              + home
              + ", but the event at hand is in partition "
              + event.source().partition()
              + " of "
              + event.source().topic()
              + "; a key touched from two partitions gets two values. Re-key first: send the event to a topic by this key, and touch the"
              + " table in that topic's agent");
    }
  }

  @Override
  public void discardWritten() {
    for (Cell cell : written) {
      if (!cell.discard()) {
        overlay.remove(cell);
      }
    }
    written.clear();
  }

  /// The event is complete: its writes become the values, and changes of the open epoch. Under the
  /// task's lock.
  ///
  /// @return the bytes added, roughly
  long stageWritten(long epoch, long offset) {
    long bytes = 0;
    for (int i = 0; i < written.size(); i++) {
      bytes += stage(written.get(i), epoch, offset);
    }
    written.clear();
    for (byte[] key : expired) {
      Cell cell = at(new ByteKey(key));
      cell.write(null, null);
      bytes += stage(cell, epoch, offset);
    }
    expired = List.of();
    return bytes;
  }

  private long stage(Cell cell, long epoch, long offset) {
    StagedChange first = cell.stage(epoch, offset);
    StagedChange change = cell.staged();
    if (change != null && spec.publishedTo() != null) {
      change.causedBy(current.timestamp(), current.eventId());
    }
    if (first == null) {
      return 0;
    }
    open.add(first);
    if (unstored != null) {
      unstored.add(cell);
    }
    if (spec.isWindowed() && cell.value() != null) {
      note(cell.key);
    }
    return StagedChange.OVERHEAD + cell.key.bytes().length + valueBytes;
  }

  private void note(ByteKey key) {
    if (closer != null) {
      closer.note(key);
    }
    if (windows != null && (closer == null || windows.outlivesItsClose())) {
      unexpired.add(key);
    }
  }

  /// Stages stream time, which has no cell: nobody reads it through a table. Under the task's lock.
  void stageStreamTime(byte[] encoded, long offset) {
    stage(StoreKeys.STREAM_TIME, encoded, offset);
  }

  /// As [#stageStreamTime], which windows have closed, where that is new.
  void stageClosedUpTo(long offset) {
    byte[] last = closer == null ? null : closer.takeClosedUpTo();
    if (last != null) {
      stage(StoreKeys.CLOSED_UP_TO, last, offset);
    }
  }

  private void stage(ByteKey key, byte[] value, long offset) {
    StagedChange change = new StagedChange(key, offset);
    change.follow(value, ENGINES_OWN, offset);
    open.add(change);
  }

  /// Hands over the changes of the open epoch, one for each key. Under the task's lock.
  List<StagedChange> seal() {
    List<StagedChange> sealed = open;
    open = new ArrayList<>();
    return sealed;
  }

  /// Notes what values take. From the committer's thread.
  void measured(long bytesOfAValue) {
    valueBytes = Math.clamp(bytesOfAValue, 1, Integer.MAX_VALUE);
  }

  /// Finds windows to drop: those that stream time has passed by the retention. It looks when
  /// stream time reaches the next moment at which one can expire, each table by its own, among the
  /// keys of the store (windows sort by their start, so the expired ones stand in front; it goes on
  /// where the event before stopped) and among those that wait for their commit, which the store
  /// does not know yet.
  ///
  /// What it finds goes with the event at hand, when that is complete.
  ///
  /// @param limit how many at the most, roughly; the rest goes with later events
  void expire(long streamTime, int limit) {
    WindowSpec.Aligned fixed = windows;
    if (fixed != null) {
      long by = closer == null ? streamTime : closer.droppableBy(streamTime);
      expired = by < nextExpiry || by == Long.MIN_VALUE ? List.of() : find(fixed, by, limit);
    } else if (keyExpiry != null) {
      expired = keyExpiry.find(streamTime);
    }
  }

  private List<byte[]> find(WindowSpec.Aligned fixed, long streamTime, int limit) {
    long lastExpired = fixed.lastDropped(streamTime);
    List<byte[]> found = new ArrayList<>();
    while (!unexpired.isEmpty() && found.size() < limit) {
      ByteKey first = unexpired.first();
      if (StoreKeys.windowStart(first.bytes()) > lastExpired) {
        break;
      }
      unexpired.remove(first);
      if (!isDeleted(first.bytes())) {
        found.add(first.bytes());
      }
    }
    List<byte[]> stored =
        store.keys(
            expiryFrom,
            key -> key[0] == StoreKeys.WINDOWED && StoreKeys.windowStart(key) <= lastExpired,
            limit);
    stored.stream().filter(key -> !isDeleted(key)).forEach(found::add);
    if (stored.size() == limit) {
      byte[] last = stored.getLast();
      expiryFrom = Arrays.copyOf(last, last.length + 1);
    } else if (found.size() < limit) {
      expiryFrom = FIRST_WINDOW;
      nextExpiry = fixed.nextDrop(streamTime);
    }
    return found;
  }

  /// Whether a deletion of the key waits for its commit.
  private boolean isDeleted(byte[] key) {
    Cell cell = overlay.find(new ByteKey(key));
    return cell != null && cell.isKnown() && cell.value() == null;
  }

  /// Drops every other clean cell where there are too many: not all, or the next events would read
  /// them back one by one. Between events.
  ///
  /// @param appliedEpoch the last epoch whose changes the store holds
  /// @param bound how many there may be
  void evict(long appliedEpoch, CellBound bound) {
    appliedAtLastLook = appliedEpoch;
    if (unstored != null) {
      unstored.trim(appliedEpoch);
    }
    if (overlay.size() <= lookBeyond || overlay.size() <= bound.cellsMax(valueBytes)) {
      return;
    }
    EveryOtherClean dropped = new EveryOtherClean(appliedEpoch);
    overlay.removeIf(dropped::includes);
    unexpired.removeIf(key -> overlay.find(key) == null);
    if (closer != null) {
      closer.forgetDropped();
    }
    // where most wait for their commit, looking again at once would find the same
    lookBeyond = overlay.size() + overlay.size() / 2;
  }

  private static final class EveryOtherClean {

    private final long appliedEpoch;
    private boolean keeps;

    EveryOtherClean(long appliedEpoch) {
      this.appliedEpoch = appliedEpoch;
    }

    boolean includes(Cell cell) {
      if (!cell.isClean(appliedEpoch)) {
        return false;
      }
      keeps = !keeps;
      return keeps;
    }
  }

  TableSpec spec() {
    return spec;
  }

  StorePartition store() {
    return store;
  }

  /// What closes its windows; null where nothing waits for that.
  @Nullable WindowCloser closer() {
    return closer;
  }
}
