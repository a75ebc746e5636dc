package dev.gretchen.engine.internal.task;

import org.jspecify.annotations.Nullable;

/// A key's last value in an epoch, with the range of events that it stands for.
///
/// @param value null deletes the key
/// @param firstOffset of the first event of the epoch that changed the key
/// @param lastOffset of the last one
public record StagedChange(byte @Nullable [] value, long firstOffset, long lastOffset) {

  /// What an entry costs beside key and value, roughly.
  static final long OVERHEAD = 120;

  StagedChange followedBy(byte @Nullable [] later, long offset) {
    return new StagedChange(later, firstOffset, offset);
  }
}
