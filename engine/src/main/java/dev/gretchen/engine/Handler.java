package dev.gretchen.engine;

/// What an agent does with an event.
///
/// Called for one event of a partition at a time, in order, or with [Agent#concurrency] for several
/// at a time, on virtual threads: it may block. What it sends and writes to tables takes effect
/// when all handlers of the event have returned; if one throws, nothing of it does.
///
/// @param <K> type of the key
/// @param <V> type of the value
@FunctionalInterface
public interface Handler<K, V> {

  /// Handles one event.
  ///
  /// @throws Exception any failure; the agent's [FailurePolicy] decides what follows
  void handle(Event<K, V> event) throws Exception;
}
