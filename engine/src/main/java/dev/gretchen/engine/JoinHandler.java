package dev.gretchen.engine;

/// What an app does with what a join brings together.
///
/// It sends, and changes tables, as a [Handler] does, in the partition of the key. Its effects are
/// those of the event that made the pair: in one transaction with what the join keeps of it, seen
/// once, whoever dies when. It may *run* more than once, as any handler may.
///
/// @param <K> type of the keys
/// @param <L> type of the left values
/// @param <R> type of the right values
@FunctionalInterface
public interface JoinHandler<K, L, R> {

  /// Handles a pair, or one side of it alone.
  ///
  /// @throws Exception any failure; what follows is decided by the join's [FailurePolicy]
  ///   ([Agent#onFailure]). An event that fails for good is a dead letter with all its pairs, and
  ///   the join knows nothing of it. Where an event was alone, its dead letter has key and value
  void joined(Joined<K, L, R> joined) throws Exception;
}
