package dev.gretchen.engine;

/// What an agent does with the values of a [Channel]: one after another, in the order in which they
/// were sent, on a virtual thread of its own; it may block.
///
/// It has no event, so there is nothing that its work could be committed with: it sends to no topic
/// and touches no table. It may send to other channels.
///
/// @param <T> type of the values
@FunctionalInterface
public interface ChannelHandler<T> {

  /// Handles a value.
  ///
  /// @throws Exception any failure: it is logged and counted, and the value is lost
  void handle(T value) throws Exception;
}
