package dev.gretchen.verifier.truth;

import java.util.Arrays;

/// First-in-first-out queues of event ids, one per key, in one pool of nodes: memory is that of the
/// ids in flight, whatever the number of keys.
public final class PendingIds {

  private static final int NONE = 0;

  private final Longs heads = new Longs(NONE);
  private final Longs tails = new Longs(NONE);
  private final Longs sizes = new Longs(0);
  private long[] ids = new long[256];
  private int[] next = new int[256];
  private int free = NONE;
  private int used = 1;

  /// Appends an id to a key's queue.
  public void add(int slot, long id) {
    int node = allocate();
    ids[node] = id;
    next[node] = NONE;
    int tail = (int) tails.get(slot);
    if (tail == NONE) {
      heads.set(slot, node);
    } else {
      next[tail] = node;
    }
    tails.set(slot, node);
    sizes.add(slot, 1);
  }

  /// How many ids a key's queue holds.
  public long size(int slot) {
    return sizes.get(slot);
  }

  /// The place of an id in a key's queue, 0 for the first, -1 where it does not wait there.
  public int indexOf(int slot, long id) {
    int place = 0;
    for (int node = (int) heads.get(slot); node != NONE; node = next[node]) {
      if (ids[node] == id) {
        return place;
      }
      place++;
    }
    return -1;
  }

  /// Whether a key's queue holds nothing.
  public boolean isEmpty(int slot) {
    return heads.get(slot) == NONE;
  }

  /// The first id of a key's queue, which must hold one.
  public long first(int slot) {
    return ids[(int) heads.get(slot)];
  }

  /// Takes the first id of a key's queue, which must hold one.
  public long remove(int slot) {
    int node = (int) heads.get(slot);
    heads.set(slot, next[node]);
    if (next[node] == NONE) {
      tails.set(slot, NONE);
    }
    next[node] = free;
    free = node;
    sizes.add(slot, -1);
    return ids[node];
  }

  private int allocate() {
    if (free != NONE) {
      int node = free;
      free = next[node];
      return node;
    }
    if (used == ids.length) {
      ids = Arrays.copyOf(ids, used * 2);
      next = Arrays.copyOf(next, used * 2);
    }
    return used++;
  }
}
