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

  /// Whether an event may begin now.
  boolean hasNext();

  /// The event that had the lane has ended.
  void ended(@Nullable ByteKey lane);

  /// Somebody else has the lane, until [#ended].
  void hold(ByteKey lane);

  /// Nobody stands in line any more; who has a lane keeps it.
  void clear();
}
