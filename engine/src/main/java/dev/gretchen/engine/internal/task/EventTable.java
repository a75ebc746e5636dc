package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.internal.store.ByteKey;
import org.jspecify.annotations.Nullable;

/// A table partition as the event at hand sees it. Confined to the thread that handles the event.
public interface EventTable {

  /// The cell of a plain table's key.
  ///
  /// @param key as the table's codec writes it
  Cell at(byte[] key);

  /// The cell of a key in a window.
  Cell at(long windowStart, byte[] key);

  /// The cell of a key as the store knows it.
  Cell at(ByteKey key);

  /// The value of a key; null if it has none.
  ///
  /// @param codec the table's, always the same
  <V> @Nullable V read(Cell cell, Codec<V> codec);

  /// Stages a key's new value with the event.
  ///
  /// @param value null deletes the key
  /// @throws dev.gretchen.engine.EffectTooLarge where values are looked at with their event, and
  ///   the changelog record would be larger than may be sent
  <V> void write(Cell cell, @Nullable V value, Codec<V> codec);

  /// As [#read(Cell, Codec)].
  default <V> @Nullable V read(ByteKey key, Codec<V> codec) {
    return read(at(key), codec);
  }

  /// As [#write(Cell, Object, Codec)].
  default <V> void write(ByteKey key, @Nullable V value, Codec<V> codec) {
    write(at(key), value, codec);
  }

  /// Refuses a key that the event must not touch.
  ///
  /// @throws IllegalStateException with what to do instead
  void requireOwn(byte[] key);

  /// The event has failed, or is to be tried again.
  void discardWritten();
}
