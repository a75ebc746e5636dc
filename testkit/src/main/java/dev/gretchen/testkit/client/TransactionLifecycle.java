package dev.gretchen.testkit.client;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/// The stage that a producer has reached, and the error that it is in, if any: legal moves between
/// the [stages][TransactionStage], and nothing else.
///
/// An illegal move is thrown, in the words of the real client. Where the producer's background
/// tried it, the producer is in a fatal error from then on: the application cannot put it right.
final class TransactionLifecycle {

  private final Connection connection;
  private final @Nullable String transactionalId;
  private TransactionStage stage = TransactionStage.UNINITIALIZED;
  private @Nullable RuntimeException lastError;

  /// @param transactionalId null for a producer that is only idempotent
  TransactionLifecycle(Connection connection, @Nullable String transactionalId) {
    this.connection = connection;
    this.transactionalId = transactionalId;
  }

  TransactionStage stage() {
    return stage;
  }

  boolean hasError() {
    return hasAbortableError() || hasFatalError();
  }

  boolean hasFatalError() {
    return stage == TransactionStage.FATAL_ERROR;
  }

  boolean hasAbortableError() {
    return stage == TransactionStage.ABORTABLE_ERROR;
  }

  boolean isEnding() {
    return stage.isEnding();
  }

  boolean isAborting() {
    return stage == TransactionStage.ABORTING_TRANSACTION;
  }

  boolean hasOngoingTransaction() {
    return stage == TransactionStage.IN_TRANSACTION || isEnding() || hasAbortableError();
  }

  RuntimeException error() {
    return lastError == null ? new KafkaException("no error is known") : lastError;
  }

  /// @param identity for the exception's text
  /// @throws RuntimeException if it is in an error
  void failIfInError(ProducerIdentity identity) {
    RuntimeException error = lastError;
    if (error == null || !hasError()) {
      return;
    }
    String who = "Producer with transactionalId '" + transactionalId + "' and " + identity;
    switch (error) {
      case ProducerFencedException _ ->
          throw new ProducerFencedException(
              who + " has been fenced by another producer with the same transactionalId");
      case InvalidProducerEpochException _ ->
          throw new InvalidProducerEpochException(who + " attempted to produce with an old epoch");
      case IllegalStateException _ ->
          throw new IllegalStateException(
              who
                  + " cannot execute transactional method because of previous invalid state transition attempt",
              error);
      default ->
          throw new KafkaException(
              "Cannot execute transactional method because we are in an error state", error);
    }
  }

  void moveTo(TransactionStage target) {
    moveTo(target, null);
  }

  /// @param cause the error, where the move is into one
  /// @throws IllegalStateException if the move is not legal
  void moveTo(TransactionStage target, @Nullable RuntimeException cause) {
    if (!target.mayFollow(stage)) {
      String message =
          (transactionalId == null ? "" : "TransactionalId " + transactionalId + ": ")
              + "Invalid transition attempted from state "
              + stage
              + " to state "
              + target;
      IllegalStateException illegal = new IllegalStateException(message);
      if (connection.isBackground()) {
        // as in the real client: the application cannot put it right, so nothing may go on
        stage = TransactionStage.FATAL_ERROR;
        lastError = illegal;
      }
      throw illegal;
    }
    stage = target;
    lastError = cause;
  }
}
