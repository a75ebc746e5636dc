package dev.gretchen.engine;

import org.jspecify.annotations.Nullable;

/// A handler with a result, which goes to a [Sink]; otherwise as [Handler] and [BatchHandler].
///
/// @param <E> an event, or a batch of them
/// @param <R> type of the result
@FunctionalInterface
public interface ResultHandler<E, R> {

  /// Handles an event or a batch.
  ///
  /// @return null for no result
  /// @throws Exception any failure; the agent's [FailurePolicy] decides what follows
  @Nullable R handle(E event) throws Exception;
}
