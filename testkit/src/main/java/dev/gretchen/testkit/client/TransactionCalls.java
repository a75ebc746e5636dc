package dev.gretchen.testkit.client;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// What the application calls: each call moves the producer to its next stage, or is refused by an
/// exception, and where brokers have to be asked, gives a result to wait for.
///
/// Called in the application's fibers; only [#abort] also by a [Sender] that closes.
final class TransactionCalls {

  private final TransactionState state;
  private final TransactionLifecycle lifecycle;
  private final Repeatable repeatable = new Repeatable();

  TransactionCalls(TransactionState state, TransactionLifecycle lifecycle) {
    this.state = state;
    this.lifecycle = lifecycle;
  }

  TransactionRequest.Result initialize() {
    failIfInError();
    requireTransactional();
    return repeatable.call(
        () -> {
          lifecycle.moveTo(TransactionStage.INITIALIZING);
          return state.enqueueInitialization();
        },
        TransactionStage.INITIALIZING,
        "initTransactions");
  }

  void begin() {
    requireTransactional();
    repeatable.refuse("beginTransaction");
    failIfInError();
    lifecycle.moveTo(TransactionStage.IN_TRANSACTION);
  }

  TransactionRequest.Result offsets(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    String id = requireTransactional();
    repeatable.refuse("sendOffsetsToTransaction");
    failIfInError();
    if (lifecycle.stage() != TransactionStage.IN_TRANSACTION) {
      throw new IllegalStateException(
          "Cannot send offsets if a transaction is not in progress (currentState= "
              + lifecycle.stage()
              + ")");
    }
    state.joined();
    return state.enqueue(TransactionRequest.offsets(id, state.identity(), group, offsets));
  }

  /// A record for a partition was appended.
  void addPartition(TopicPartition partition) {
    failIfInError();
    repeatable.refuse("send");
    if (!state.isTransactional()) {
      return;
    }
    if (!state.identity().isValid()) {
      throw new IllegalStateException(
          "Cannot add partition "
              + partition
              + " to transaction before completing a call to initTransactions");
    }
    if (lifecycle.stage() != TransactionStage.IN_TRANSACTION) {
      throw new IllegalStateException(
          "Cannot add partition "
              + partition
              + " to transaction while in state  "
              + lifecycle.stage());
    }
    state.joined(partition);
  }

  TransactionRequest.Result commit() {
    String id = requireTransactional();
    return repeatable.call(
        () -> {
          failIfInError();
          lifecycle.moveTo(TransactionStage.COMMITTING_TRANSACTION);
          return state.enqueue(TransactionRequest.end(id, state.identity(), true));
        },
        TransactionStage.COMMITTING_TRANSACTION,
        "commitTransaction");
  }

  TransactionRequest.Result abort() {
    String id = requireTransactional();
    return repeatable.call(
        () -> {
          if (!lifecycle.hasAbortableError()) {
            failIfInError();
          }
          lifecycle.moveTo(TransactionStage.ABORTING_TRANSACTION);
          return state.enqueue(TransactionRequest.end(id, state.identity(), false));
        },
        TransactionStage.ABORTING_TRANSACTION,
        "abortTransaction");
  }

  /// Nothing will come of a call that has timed out, or is being waited for.
  void fail(RuntimeException cause) {
    repeatable.fail(cause);
  }

  private String requireTransactional() {
    String id = state.transactionalId();
    if (id == null) {
      throw new IllegalStateException(
          "Transactional method invoked on a non-transactional producer.");
    }
    return id;
  }

  private void failIfInError() {
    lifecycle.failIfInError(state.identity());
  }
}
