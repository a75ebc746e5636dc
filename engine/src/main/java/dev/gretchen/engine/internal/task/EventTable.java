package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.KeyRange;
import java.util.List;
import java.util.function.Predicate;
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

  /// An entry that a scan has found.
  ///
  /// @param key as the store knows it
  record Found<V>(ByteKey key, V value) {}

  /// Entries of a range in the order of their keys, as the event at hand sees them. The keys must
  /// be the event's own ([#requireOwn], [#requireWhole]).
  ///
  /// @param limit how many at the most
  /// @param counts which values are there at all
  <V> List<Found<V>> scan(KeyRange range, int limit, Codec<V> codec, Predicate<? super V> counts);

  /// Refuses to read other keys than the event's own where other events may be changing them.
  ///
  /// @throws IllegalStateException with what to do instead
  void requireWhole();

  /// Refuses a key that the event must not touch.
  ///
  /// @throws IllegalStateException with what to do instead
  void requireOwn(byte[] key);

  /// The event has failed, or is to be tried again.
  void discardWritten();
}
