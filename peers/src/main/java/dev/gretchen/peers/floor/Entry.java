package dev.gretchen.peers.floor;

import dev.gretchen.peers.contract.Tally;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// A key's tally in memory, changed in place, and what of it no transaction holds yet.
final class Entry {

  final byte[] taggedKey;
  private long count;
  private long mixed;
  private boolean dirty;
  private long firstOffset;
  private long lastOffset;
  private @Nullable Header lastId;

  Entry(byte[] taggedKey, Tally tally) {
    this.taggedKey = taggedKey;
    this.count = tally.count();
    this.mixed = tally.mixed();
  }

  /// Counts an event; returns whether the entry was clean before.
  boolean add(Header id, long mixedId, long offset) {
    count++;
    mixed += mixedId;
    lastOffset = offset;
    lastId = id;
    return touch(offset);
  }

  /// Makes it a deletion; returns whether the entry was clean before.
  boolean delete(long offset) {
    count = 0;
    mixed = 0;
    lastOffset = offset;
    return touch(offset);
  }

  private boolean touch(long offset) {
    boolean wasClean = !dirty;
    if (wasClean) {
      firstOffset = offset;
      dirty = true;
    }
    return wasClean;
  }

  void clean() {
    dirty = false;
    lastId = null;
  }

  /// The tally as JSON, null for a deletion: no tally counts no event.
  byte @Nullable [] json() {
    return count == 0 ? null : Tally.json(count, mixed);
  }

  long firstOffset() {
    return firstOffset;
  }

  long lastOffset() {
    return lastOffset;
  }

  @Nullable Header lastId() {
    return lastId;
  }
}
