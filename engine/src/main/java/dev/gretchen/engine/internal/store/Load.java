package dev.gretchen.engine.internal.store;

import org.jspecify.annotations.Nullable;

/// Committed changes on their way into a table partition, many at a time: what a recovery reads.
///
/// Nothing is visible before [#apply], which makes all that was taken visible together with the
/// position that it leads to. What was not applied is lost by a crash, a [#close] or a claim that
/// has passed on, and the position does not speak of it: so it is read again.
///
/// Thread: one, from its beginning to its close.
public interface Load extends AutoCloseable {

  /// Takes a change; of several of one key, the last counts.
  ///
  /// @param key not to be changed afterwards, as the value
  void add(byte[] key, byte @Nullable [] value);

  /// Whether it can take no more before it is applied.
  boolean isFull();

  /// Whether it is worth applying, or shall be, so that others have room.
  boolean isDue();

  /// Makes what was taken visible, and the position, in one step; it then holds nothing, and takes
  /// more.
  ///
  /// @return false if the claim has passed on, and nothing was done
  boolean apply(Position position);

  /// Drops what was not applied.
  @Override
  void close();
}
