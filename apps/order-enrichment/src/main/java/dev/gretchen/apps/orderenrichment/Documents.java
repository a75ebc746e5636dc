package dev.gretchen.apps.orderenrichment;

/// Finds documents. Any thread; may wait.
public interface Documents {

  /// The document that fits best among those that hold all words of a query.
  ///
  /// @param call names this call to the service, so that answers cannot be mixed up
  /// @throws DependencyFailure where it could not be had within the time for it
  TopHit search(String query, String call);
}
