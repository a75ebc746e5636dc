package dev.gretchen.testkit.client;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The call of a transactional producer that was made last: if it has timed out, it must be
/// repeated, which goes on waiting for the same end, before anything else is done.
final class Repeatable {

  private @Nullable Made last;

  private record Made(
      TransactionRequest.Result result, TransactionStage target, String operation) {}

  /// Makes a call, or takes up the one that has timed out.
  ///
  /// @param target where the call leads, which tells calls apart
  TransactionRequest.Result call(
      Supplier<TransactionRequest.Result> body, TransactionStage target, String operation) {
    Made before = last;
    if (before != null && !before.result.isAcknowledged()) {
      if (before.target != target) {
        throw mustBeRepeated(operation, before);
      }
      return before.result;
    }
    TransactionRequest.Result result = body.get();
    last = new Made(result, target, operation);
    return result;
  }

  /// @throws IllegalStateException if a call has timed out and was not repeated
  void refuse(String operation) {
    Made before = last;
    if (before != null && !before.result.isAcknowledged()) {
      throw mustBeRepeated(operation, before);
    }
  }

  private static IllegalStateException mustBeRepeated(String operation, Made before) {
    return new IllegalStateException(
        "Cannot attempt operation `%s` because the previous call to `%s` timed out and must be retried"
            .formatted(operation, before.operation));
  }

  /// Nothing will come of it any more.
  void fail(RuntimeException cause) {
    Made before = last;
    if (before != null && !before.result.isAcknowledged()) {
      before.result.fail(cause);
    }
  }
}
