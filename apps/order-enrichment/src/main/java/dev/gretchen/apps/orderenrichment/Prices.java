package dev.gretchen.apps.orderenrichment;

import java.util.Optional;

/// Knows what the market paid. Any thread; may wait.
public interface Prices {

  /// The last quote of a symbol at or before a moment; empty where there is none.
  ///
  /// @param millis epoch milliseconds
  /// @param call names this call to the service, so that answers cannot be mixed up
  /// @throws DependencyFailure where it could not be had within the time for it
  Optional<Quote> at(String symbol, long millis, String call);
}
