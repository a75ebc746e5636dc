package dev.gretchen.engine;

/// What an app does when a window has closed. Called once for each key that has a value in it.
///
/// It sends, and changes tables, as a [Handler] does, in the partition of the window. What it sends
/// has the window's last millisecond as its timestamp, and no event id. Its effects, and that the
/// window has closed, are in one transaction: seen once, whatever dies when. It may *run* more than
/// once, as any handler may, so a call to the outside is to be one that may be repeated.
///
/// Where the agents of the table's topic handle several events at a time ([Agent#concurrency],
/// [Take]), it touches no table: an event might be changing it at that moment.
///
/// @param <K> type of the key
/// @param <V> type of the value
@FunctionalInterface
public interface CloseHandler<K, V> {

  /// Handles one closed window.
  ///
  /// @throws Exception any failure; what follows is decided by the [FailurePolicy] of the agents of
  ///   the table's topic. The dead letter has the window's key and value
  void closed(ClosedWindow<K, V> closed) throws Exception;
}
