package dev.gretchen.engine;

import java.util.function.Function;

/// Where the results of an agent go: a topic, another agent, a function of your own, or several of
/// them, one after another.
///
///     app.agent("price", orders, order -> priced(order),
///         Sink.to(prices, Priced::id).then(price -> cache.put(price)))
///
/// A sink works within the event that the result is of. What goes to a topic is an effect of that
/// event, in its transaction; a sink that fails fails the event, which drops its effects and is
/// tried again. So a function that calls the outside may be called more than once for an event, as
/// a handler may: give it an idempotency key.
///
/// @param <R> type of the results
@FunctionalInterface
public interface Sink<R> {

  /// Takes a result, on the handler's thread; it may block.
  ///
  /// @throws Exception any failure, which is the event's
  void take(R result) throws Exception;

  /// Sends results to a topic.
  ///
  /// @param key of a result, by which the partition is chosen: a result has no key by itself
  static <K, R> Sink<R> to(Topic<K, R> topic, Function<? super R, ? extends K> key) {
    return result -> topic.send(key.apply(result), result);
  }

  /// Hands results to another agent, as events of its topic.
  ///
  /// @param key of a result
  /// @throws IllegalArgumentException for a timer, which takes no events, and for an agent of
  ///   several topics
  static <K, R> Sink<R> to(Agent<K, R> agent, Function<? super R, ? extends K> key) {
    return to(agent.topic(), key);
  }

  /// For handlers with several results at a time: each goes to a sink, in order.
  static <R> Sink<Iterable<R>> each(Sink<? super R> sink) {
    return results -> {
      for (R result : results) {
        sink.take(result);
      }
    };
  }

  /// This sink, and when it has a result, another one.
  default Sink<R> then(Sink<? super R> next) {
    return result -> {
      take(result);
      next.take(result);
    };
  }
}
