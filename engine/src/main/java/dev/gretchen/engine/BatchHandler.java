package dev.gretchen.engine;

import java.util.List;

/// What an agent does with several events of a partition at a time ([Take]).
///
/// A batch is one unit: what its handler sends and writes becomes visible together, with the
/// offsets of all its events, or not at all.
///
/// @param <K> type of the key
/// @param <V> type of the value
@FunctionalInterface
public interface BatchHandler<K, V> {

  /// Handles a batch.
  ///
  /// @param batch at least one event, in the order of their offsets; immutable
  /// @throws Exception any failure; the agent's [FailurePolicy] decides what follows
  void handle(List<Event<K, V>> batch) throws Exception;
}
