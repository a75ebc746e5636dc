package dev.gretchen.testkit.client;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;

/// What a failed send does to a producer: to its stage, to its epoch, and to the sequence of the
/// partition.
final class SendErrors {

  private final TransactionState state;
  private final Sequences sequences;
  private final ProducerEpoch epoch;

  SendErrors(TransactionState state, Sequences sequences, ProducerEpoch epoch) {
    this.state = state;
    this.sequences = sequences;
    this.epoch = epoch;
  }

  /// A batch has failed for good.
  ///
  /// @param refused whether the brokers are known not to have it
  void failed(Batch batch, RuntimeException cause, boolean refused) {
    failed(cause);
    sequences.drop(batch);
    if (state.lifecycle().hasFatalError()) {
      return;
    }
    if (cause instanceof OutOfOrderSequenceException && !state.isTransactional()) {
      epoch.requireBump(batch.partition);
    } else if (cause instanceof UnknownProducerIdException) {
      sequences.reset(batch.partition);
    } else if (refused) {
      if (state.isTransactional()) {
        sequences.closeGap(batch);
      } else {
        epoch.requireBump(batch.partition);
      }
    }
  }

  /// A send has failed for good, if only before it was part of a batch.
  void failed(RuntimeException cause) {
    if (cause instanceof ClusterAuthorizationException
        || cause instanceof TransactionalIdAuthorizationException
        || cause instanceof ProducerFencedException
        || cause instanceof UnsupportedVersionException
        || cause instanceof InvalidPidMappingException) {
      state.toFatalError(cause);
    } else if (state.isTransactional()) {
      boolean isPassing =
          cause instanceof RetriableException || cause instanceof InvalidTxnStateException;
      state.toAbortableError(
          isPassing
              ? new TransactionAbortableException(
                  "Transaction Request was aborted after exhausting retries.", cause)
              : cause);
    }
  }

  /// Whether a batch that was answered with an error is to be sent again.
  boolean isRetriable(Errors error, Batch batch) {
    TopicPartition partition = batch.partition;
    if (error == Errors.UNKNOWN_PRODUCER_ID && !state.isTransactional()) {
      epoch.requireBump(partition);
      return true;
    }
    if (error == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER) {
      boolean isUnresolved = sequences.isUnresolved(partition);
      if (!isUnresolved
          && (batch.sequenceWasReset || !sequences.isNext(partition, batch.sequence))) {
        return true;
      }
      if (!state.isTransactional()) {
        if (!isUnresolved || sequences.isBehindUnresolved(partition, batch.sequence)) {
          epoch.requireBump(partition);
        }
        return true;
      }
    }
    return error.exception() instanceof RetriableException;
  }
}
