package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds the keys of a table that were not written for so long that they have expired.
///
/// Readers look at a value's age themselves, so nothing hangs on when a key is found here but the
/// room that it takes. It goes round the store: some keys with each event, and when it is through,
/// it waits for a part of the keys' lifetime. That needs no index by time, which would be written
/// with each change.
///
/// Confined as its [TablePartition].
final class KeyExpiry {

  private static final byte[] FIRST = {StoreKeys.PLAIN};

  /// Keys looked at with one event: enough to be round in time where keys are many, and few beside
  /// what an event costs.
  private static final int KEYS_PER_EVENT = 16;

  private static final int ROUNDS_PER_LIFETIME = 8;

  private final TableSpec spec;
  private final StorePartition store;
  private final Cells overlay;
  private byte[] from = FIRST;
  private long nextRound = Long.MIN_VALUE;

  KeyExpiry(TableSpec spec, StorePartition store, Cells overlay) {
    this.spec = spec;
    this.store = store;
    this.overlay = overlay;
  }

  /// Stored keys to delete with the event at hand.
  List<byte[]> find(long streamTime) {
    if (streamTime < nextRound) {
      return List.of();
    }
    List<byte[]> keys = store.keys(from, key -> key[0] == StoreKeys.PLAIN, KEYS_PER_EVENT);
    List<byte[]> gone = new ArrayList<>();
    for (byte[] key : keys) {
      if (isExpired(key, streamTime)) {
        gone.add(key);
      }
    }
    if (keys.size() < KEYS_PER_EVENT) {
      from = FIRST;
      nextRound = streamTime + Math.max(1, spec.lifetimeMillis() / ROUNDS_PER_LIFETIME);
    } else {
      byte[] last = keys.getLast();
      from = Arrays.copyOf(last, last.length + 1);
    }
    return gone;
  }

  private boolean isExpired(byte[] key, long streamTime) {
    Cell cell = overlay.find(new ByteKey(key));
    if (cell != null && cell.isKnown()) {
      return cell.value() instanceof Timed<?> timed && timed.isExpired(spec, streamTime);
    }
    byte[] stored = store.get(key);
    return stored != null
        && Timed.isExpired(Timed.Format.timeOf(stored), spec.lifetimeMillis(), streamTime);
  }
}
