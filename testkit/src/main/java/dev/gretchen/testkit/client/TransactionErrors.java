package dev.gretchen.testkit.client;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.protocol.Errors;

/// What a refused request does to a producer: an abortable error, or a fatal one.
final class TransactionErrors {

  private final TransactionState state;
  private final TransactionRequest request;

  TransactionErrors(TransactionState state, TransactionRequest request) {
    this.state = state;
    this.request = request;
  }

  /// @param error neither none nor one that passes
  void handle(Errors error) {
    if (error == Errors.INVALID_PRODUCER_EPOCH || error == Errors.PRODUCER_FENCED) {
      fatal(Errors.PRODUCER_FENCED.exception());
      return;
    }
    switch (request.kind) {
      case INIT -> initialization(error);
      case OFFSETS -> offsets(error);
      case END -> end(error);
    }
  }

  private void initialization(Errors error) {
    switch (error) {
      case TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
          CLUSTER_AUTHORIZATION_FAILED,
          TRANSACTION_ABORTABLE ->
          abortable(error.exception());
      default ->
          fatal(
              new KafkaException("Unexpected error in InitProducerIdResponse; " + error.message()));
    }
  }

  private void offsets(Errors error) {
    switch (error) {
      case FENCED_INSTANCE_ID, TRANSACTION_ABORTABLE -> abortable(error.exception());
      case GROUP_AUTHORIZATION_FAILED ->
          abortable(new GroupAuthorizationException(error.message()));
      case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION ->
          abortable(
              new CommitFailedException(
                  "Transaction offset Commit failed due to consumer group metadata mismatch: "
                      + error.message()));
      case TRANSACTIONAL_ID_AUTHORIZATION_FAILED, UNSUPPORTED_FOR_MESSAGE_FORMAT ->
          fatal(error.exception());
      default ->
          fatal(
              new KafkaException(
                  "Unexpected error in TxnOffsetCommitResponse: " + error.message()));
    }
  }

  private void end(Errors error) {
    switch (error) {
      case TRANSACTIONAL_ID_AUTHORIZATION_FAILED, INVALID_TXN_STATE, INVALID_PRODUCER_ID_MAPPING ->
          fatal(error.exception());
      case UNKNOWN_PRODUCER_ID -> abortable(error.exception());
      case TRANSACTION_ABORTABLE -> {
        if (request.isAbort()) {
          fatal(new KafkaException("Failed to abort transaction", error.exception()));
        } else {
          abortable(error.exception());
        }
      }
      default -> fatal(new KafkaException("Unhandled error in EndTxnResponse: " + error.message()));
    }
  }

  private void abortable(RuntimeException cause) {
    request.result.fail(cause);
    state.toAbortableError(cause);
  }

  private void fatal(RuntimeException cause) {
    request.result.fail(cause);
    state.toFatalError(cause);
  }
}
