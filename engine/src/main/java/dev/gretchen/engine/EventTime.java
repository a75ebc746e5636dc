package dev.gretchen.engine;

import java.time.Instant;

/// Tells when an event happened, where that is not the timestamp of its record.
///
/// Asked once for each event that is fetched, also for those that another worker has handled
/// already, because stream time is what all events of a partition have made it. Pure.
///
/// @param <K> type of the key
/// @param <V> type of the value
@FunctionalInterface
public interface EventTime<K, V> {

  /// When the event happened; not before 1970.
  ///
  /// @throws RuntimeException where the event does not tell: it is then a dead letter, and stream
  ///   time stays as it is
  Instant of(Event<K, V> event);
}
