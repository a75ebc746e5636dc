package dev.gretchen.testkit.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The requests about transactions that wait for their turn: by kind, and as they came within one.
final class TransactionQueue {

  private final List<TransactionRequest> waiting = new ArrayList<>();

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  TransactionRequest.Result add(TransactionRequest request) {
    waiting.add(request);
    return request.result;
  }

  /// A request whose outcome is unknown, or that was refused for the moment.
  void addAgain(TransactionRequest request) {
    request.isRetry = true;
    waiting.add(request);
  }

  /// Whose turn it is, null if nobody waits.
  @Nullable TransactionRequest first() {
    TransactionRequest first = null;
    for (TransactionRequest request : waiting) {
      if (first == null || request.kind.compareTo(first.kind) < 0) {
        first = request;
      }
    }
    return first;
  }

  void remove(TransactionRequest request) {
    waiting.remove(request);
  }

  /// Nothing will come of those that wait.
  void failAll(RuntimeException cause) {
    List<TransactionRequest> open = List.copyOf(waiting);
    waiting.clear();
    open.forEach(request -> request.result.fail(cause));
  }
}
