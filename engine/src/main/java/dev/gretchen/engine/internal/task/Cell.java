package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.internal.store.ByteKey;
import org.jspecify.annotations.Nullable;

/// What is known of a key without asking the store: the value as of the last complete event, and
/// what the event at hand has written over it. Confined to the task's activation.
public final class Cell {

  final ByteKey key;
  final Cells.Words words;

  /// The next in its chain of [Cells].
  @Nullable Cell next;

  private boolean known;
  private @Nullable Object value;
  private @Nullable StagedChange staged;
  private long epoch;

  private boolean written;
  private @Nullable Object latest;
  private @Nullable Codec<Object> codec;

  /// A key of which nothing is known yet.
  Cell(ByteKey key) {
    this.key = key;
    this.words = Cells.Words.of(key);
  }

  /// The store was asked.
  ///
  /// @param stored null for none
  void learn(@Nullable Object stored) {
    known = true;
    value = stored;
  }

  /// Whether there is a value, or known to be none.
  boolean isKnown() {
    return known || written;
  }

  /// The value as the event at hand sees it; null for none, or where it is not known.
  @Nullable Object value() {
    return written ? latest : value;
  }

  /// The event at hand writes.
  ///
  /// @param next null deletes
  /// @return whether it is the event's first write to the key
  boolean write(@Nullable Object next, @Nullable Codec<Object> by) {
    boolean first = !written;
    written = true;
    latest = next;
    codec = by;
    return first;
  }

  /// The event at hand has failed.
  ///
  /// @return whether anything is known of the key without it
  boolean discard() {
    written = false;
    latest = null;
    return known;
  }

  /// The event at hand is complete: what it wrote is the value, and part of the open epoch.
  ///
  /// @return the change if it is the key's first in this epoch, else null
  @Nullable StagedChange stage(long openEpoch, long offset) {
    StagedChange change = staged;
    boolean first = change == null || epoch != openEpoch;
    if (change == null || first) {
      change = new StagedChange(key, offset);
      staged = change;
      epoch = openEpoch;
    }
    change.follow(latest, codec, offset);
    value = latest;
    known = true;
    discard();
    return first ? change : null;
  }

  /// The change of the open epoch that [#stage] has made or followed.
  @Nullable StagedChange staged() {
    return staged;
  }

  /// Whether the store holds it, so that it may be dropped.
  boolean isClean(long appliedEpoch) {
    return epoch <= appliedEpoch;
  }
}
