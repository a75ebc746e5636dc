package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A request about transactions that waits for its turn, and what becomes of it.
final class TransactionRequest {

  /// In the order in which they go.
  enum Kind {
    INIT,
    OFFSETS,
    END
  }

  final Kind kind;
  final Request<? extends Reply> request;
  final Result result;
  boolean isRetry;

  TransactionRequest(Kind kind, Request<? extends Reply> request, String operation) {
    this.kind = kind;
    this.request = request;
    this.result = new Result(operation);
  }

  boolean isAbort() {
    return request instanceof Request.EndTxn end && !end.commit();
  }

  /// Its end, which outlives a caller that does not wait so long.
  static final class Result {
    private final String operation;
    private boolean completed;
    private boolean acknowledged;
    private @Nullable RuntimeException failure;

    Result(String operation) {
      this.operation = operation;
    }

    void done() {
      completed = true;
    }

    void fail(RuntimeException cause) {
      failure = cause;
      completed = true;
    }

    boolean isCompleted() {
      return completed;
    }

    /// Whether a caller has taken note of the end.
    boolean isAcknowledged() {
      return acknowledged;
    }

    /// @throws TimeoutException if it has not ended
    void take(long waitedMillis) {
      if (!completed) {
        throw new TimeoutException(
            "Timeout expired after " + waitedMillis + "ms while awaiting " + operation);
      }
      acknowledged = true;
      if (failure != null) {
        throw failure;
      }
    }
  }
}
