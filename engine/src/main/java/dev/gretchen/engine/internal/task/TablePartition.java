package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// A table partition as its task sees it: what the current event wrote, over what earlier events
/// wrote and is not in the store yet, over the store.
///
/// Confined to the task's activation, but for the changes that a sealed epoch hands over. The
/// overlay keeps, per key, the last value and the epoch that wrote it. When the committer has
/// applied an epoch to the store, its entries are *clean*: they could be dropped, and are kept as a
/// cache until there are too many of them.
public final class TablePartition {

  /// Clean entries kept beyond those that must be.
  private static final int CLEAN_ENTRIES_MAX = 50_000;

  private static final byte[] FIRST_WINDOW = {StoreKeys.WINDOWED};

  private final TableSpec spec;
  private final StorePartition store;
  private final CurrentEvent current;
  private final int partitions;
  private final Map<ByteKey, Cell> written = new LinkedHashMap<>();
  private final Map<ByteKey, Entry> overlay = new HashMap<>();

  /// Windows of the overlay that were not found expired; those of the store need no such list.
  private final NavigableSet<ByteKey> unexpired = new TreeSet<>();

  private long nextExpiry = Long.MIN_VALUE;
  private byte[] expiryFrom = FIRST_WINDOW;

  private record Entry(Cell cell, long epoch) {}

  TablePartition(TableSpec spec, StorePartition store, CurrentEvent current, int partitions) {
    this.spec = spec;
    this.store = store;
    this.current = current;
    this.partitions = partitions;
  }

  /// What is known of a key; null if it has no value.
  public @Nullable Cell read(ByteKey key) {
    Cell own = written.isEmpty() ? null : written.get(key);
    if (own != null) {
      return own;
    }
    Entry entry = overlay.get(key);
    if (entry != null) {
      return entry.cell;
    }
    byte[] stored = store.get(key.bytes());
    if (stored == null) {
      return null;
    }
    return new Cell(stored, null);
  }

  /// Stages a key's new value with the current event.
  ///
  /// @throws dev.gretchen.engine.EffectTooLarge if the changelog record would be larger than may be
  ///   sent
  public void write(ByteKey key, byte @Nullable [] value, @Nullable Object decoded) {
    current.requireSendable("table " + spec.name(), key.bytes(), value);
    written.put(key, new Cell(value, decoded));
  }

  /// Refuses a key that belongs to another partition: the classic mistake of this model, by which
  /// one key gets several values.
  public void requireOwn(byte[] key) {
    byte[] own = current.source().key();
    if (own != null && Arrays.equals(own, key)) {
      return;
    }
    int home = Utils.toPositive(Utils.murmur2(key)) % partitions;
    if (home != current.source().partition()) {
      throw new IllegalStateException(
          "table "
              + spec.name()
              + ": the key belongs to partition "
              + home
              + ", but the event at hand is in partition "
              + current.source().partition()
              + " of "
              + current.source().topic()
              + "; a key touched from two partitions gets two values. Re-key first: send the event to a topic by this key, and touch the"
              + " table in that topic's agent");
    }
  }

  void discardWritten() {
    written.clear();
  }

  /// Moves the event's writes to the overlay and the open epoch; returns the bytes added.
  long stageWritten(Map<ByteKey, StagedChange> open, long epoch, long offset) {
    long bytes = 0;
    for (Iterator<Map.Entry<ByteKey, Cell>> writes = written.entrySet().iterator();
        writes.hasNext(); ) {
      Map.Entry<ByteKey, Cell> write = writes.next();
      overlay.put(write.getKey(), new Entry(write.getValue(), epoch));
      if (spec.isWindowed() && write.getValue().value() != null) {
        unexpired.add(write.getKey());
      }
      bytes += stage(open, write.getKey(), change(write.getValue().value(), offset));
      writes.remove();
    }
    return bytes;
  }

  /// Stages something of the engine's own, such as an expiry.
  long stageDirectly(
      Map<ByteKey, StagedChange> open,
      ByteKey key,
      byte @Nullable [] value,
      long epoch,
      long offset) {
    overlay.put(key, new Entry(new Cell(value, null), epoch));
    return stage(open, key, change(value, offset));
  }

  private StagedChange change(byte @Nullable [] value, long offset) {
    return spec.publishedTo() == null
        ? StagedChange.unpublished(value, offset)
        : new StagedChange(value, offset, offset, current.timestamp(), current.eventId());
  }

  /// Finds windows to drop: those that stream time has passed by the retention. It looks when
  /// stream time reaches the next moment at which one can expire, each table by its own, among the
  /// keys of the store (windows sort by their start, so the expired ones stand in front; it goes on
  /// where the event before stopped) and among those that wait for their commit, which the store
  /// does not know yet.
  ///
  /// @param limit how many at the most, roughly; the rest goes with later events
  List<byte[]> expired(long streamTime, int limit) {
    if (!spec.isWindowed() || streamTime < nextExpiry) {
      return List.of();
    }
    long size = spec.windowMillis();
    long lastExpired = streamTime - size - spec.retentionMillis();
    List<byte[]> expired = new ArrayList<>();
    while (!unexpired.isEmpty() && expired.size() < limit) {
      ByteKey first = unexpired.first();
      if (StoreKeys.windowStart(first.bytes()) > lastExpired) {
        break;
      }
      unexpired.remove(first);
      if (!isDeleted(first.bytes())) {
        expired.add(first.bytes());
      }
    }
    List<byte[]> stored =
        store.keys(
            expiryFrom,
            key -> key[0] == StoreKeys.WINDOWED && StoreKeys.windowStart(key) <= lastExpired,
            limit);
    stored.stream().filter(key -> !isDeleted(key)).forEach(expired::add);
    if (stored.size() == limit) {
      byte[] last = stored.getLast();
      expiryFrom = Arrays.copyOf(last, last.length + 1);
    } else if (expired.size() < limit) {
      expiryFrom = FIRST_WINDOW;
      nextExpiry =
          (Math.floorDiv(streamTime - spec.retentionMillis(), size) + 1) * size
              + spec.retentionMillis();
    }
    return expired;
  }

  /// Whether a deletion of the key waits for its commit.
  private boolean isDeleted(byte[] key) {
    Entry entry = overlay.get(new ByteKey(key));
    return entry != null && entry.cell.value() == null;
  }

  private static long stage(Map<ByteKey, StagedChange> open, ByteKey key, StagedChange change) {
    StagedChange earlier = open.get(key);
    open.put(key, earlier == null ? change : earlier.followedBy(change));
    return earlier == null
        ? StagedChange.OVERHEAD + key.bytes().length + change.valueBytes()
        : change.valueBytes() - earlier.valueBytes();
  }

  /// Drops clean entries where there are too many.
  ///
  /// @param appliedEpoch the last epoch whose changes the store holds
  void evict(long appliedEpoch) {
    if (overlay.size() > CLEAN_ENTRIES_MAX) {
      overlay.values().removeIf(entry -> entry.epoch <= appliedEpoch);
      unexpired.retainAll(overlay.keySet());
    }
  }

  TableSpec spec() {
    return spec;
  }

  StorePartition store() {
    return store;
  }
}
