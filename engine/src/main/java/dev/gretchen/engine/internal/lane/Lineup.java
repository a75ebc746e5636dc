package dev.gretchen.engine.internal.lane;

import dev.gretchen.engine.internal.store.ByteKey;
import org.jspecify.annotations.Nullable;

/// Events that wait for their turn, and the rule by which one may begin. Not thread-safe.
///
/// @param <T> what stands in line
public interface Lineup<T> {

  /// Makes lineups; a broken rule is put in its place by the judge's own trial.
  interface Maker {
    <T> Lineup<T> make();
  }

  /// An event stands in line.
  ///
  /// @param lane null for a lane of its own
  void add(@Nullable ByteKey lane, T event);

  /// The event that may begin now, which takes its lane until [#ended]; null if there is none.
  @Nullable T next();

  /// The event that stands behind those of a lane that were given out, for whoever has the lane;
  /// null if there is none.
  @Nullable T nextOf(@Nullable ByteKey lane);

  /// Whether an event may begin now.
  boolean hasNext();

  /// The event that [#next] would give; null if there is none.
  @Nullable T peek();

  /// How many events stand in lanes that nobody has.
  int ready();

  /// The events that had the lane have ended.
  void ended(@Nullable ByteKey lane);

  /// Somebody else has the lane, until [#ended].
  void hold(ByteKey lane);

  /// Nobody stands in line any more; who has a lane keeps it.
  void clear();
}
