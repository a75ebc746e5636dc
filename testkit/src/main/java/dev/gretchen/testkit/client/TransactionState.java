package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Where an idempotent or transactional producer stands.
///
/// This is `TransactionManager` of `kafka-clients`, with its states, its legal transitions and the
/// texts of its exceptions, as far as `transaction.version` 2 uses it: partitions and groups join a
/// transaction by being written to, and each end of a transaction answers with the next epoch.
///
/// The application comes in by [TransactionCalls], in its fibers; [Sender] takes the requests out,
/// and brings their outcomes.
final class TransactionState {

  private final @Nullable String transactionalId;
  private final int timeoutMillis;
  private final TransactionLifecycle lifecycle;
  private final TransactionCalls calls;
  private final TransactionQueue queue = new TransactionQueue();
  private final Sequences sequences = new Sequences();
  private final ProducerEpoch epoch;
  private final SendErrors sendErrors;

  /// The partitions that are part of the transaction.
  private final Set<TopicPartition> partitions = new HashSet<>();

  /// Whether anything is part of the transaction.
  private boolean started;

  /// @param transactionalId null for a producer that is only idempotent
  TransactionState(
      Connection connection, @Nullable String transactionalId, Duration transactionTimeout) {
    this.transactionalId = transactionalId;
    this.timeoutMillis = Math.toIntExact(transactionTimeout.toMillis());
    this.lifecycle = new TransactionLifecycle(connection, transactionalId);
    this.calls = new TransactionCalls(this, lifecycle);
    this.epoch = new ProducerEpoch(lifecycle, sequences);
    this.sendErrors = new SendErrors(this, sequences, epoch);
  }

  TransactionCalls calls() {
    return calls;
  }

  TransactionLifecycle lifecycle() {
    return lifecycle;
  }

  Sequences sequences() {
    return sequences;
  }

  SendErrors sendErrors() {
    return sendErrors;
  }

  @Nullable String transactionalId() {
    return transactionalId;
  }

  boolean isTransactional() {
    return transactionalId != null;
  }

  ProducerIdentity identity() {
    return epoch.identity();
  }

  // what is part of the transaction

  /// A group is part of it.
  void joined() {
    started = true;
  }

  void joined(TopicPartition partition) {
    partitions.add(partition);
    started = true;
  }

  /// Whether records may go to a partition: in a transaction, once it is part of it.
  boolean maySendTo(TopicPartition partition) {
    return !isTransactional() || partitions.contains(partition);
  }

  private void reset() {
    lifecycle.moveTo(TransactionStage.READY);
    partitions.clear();
    started = false;
  }

  // what goes on without the application

  /// A producer without transactions takes up its identity, or a newer epoch, by itself.
  void keepIdentity() {
    if (isTransactional()) {
      return;
    }
    epoch.bumpIfRequired();
    if (lifecycle.stage() != TransactionStage.INITIALIZING && !identity().isValid()) {
      lifecycle.moveTo(TransactionStage.INITIALIZING);
      enqueueInitialization();
    }
  }

  /// Settles partitions that hold a batch of which nobody knows whether it was written.
  void resolveSequences() {
    for (TopicPartition partition : sequences.takeInDoubt()) {
      if (isTransactional()) {
        toAbortableError(
            new KafkaException(
                "The client hasn't received acknowledgment for some previously sent messages and can no longer retry them. It is safe to abort the transaction and continue."));
      } else {
        epoch.requireBump(partition);
      }
    }
  }

  // requests

  TransactionRequest.Result enqueue(TransactionRequest request) {
    return queue.add(request);
  }

  TransactionRequest.Result enqueueInitialization() {
    return enqueue(TransactionRequest.initialization(transactionalId, timeoutMillis));
  }

  boolean hasPendingRequests() {
    return !queue.isEmpty();
  }

  /// The next request to be sent, or null if none may be sent now.
  ///
  /// @param hasBatches whether records are under way: the end of a transaction waits for them
  @Nullable TransactionRequest next(boolean hasBatches) {
    while (true) {
      TransactionRequest next = queue.first();
      if (next == null || (next.kind == TransactionRequest.Kind.END && hasBatches)) {
        return null;
      }
      queue.remove(next);
      if (lifecycle.hasError()) {
        next.result.fail(lifecycle.error());
      } else if (next.kind == TransactionRequest.Kind.END && !started) {
        // nothing was written: nothing is to be ended
        next.result.done();
        reset();
      } else {
        return next;
      }
    }
  }

  /// The outcome of a request, null if it is unknown.
  void answered(TransactionRequest request, @Nullable Reply reply) {
    if (reply == null || reply.error().exception() instanceof RetriableException) {
      queue.addAgain(request);
    } else if (reply.error() == Errors.NONE) {
      succeeded(request, reply);
    } else {
      new TransactionErrors(this, request).handle(reply.error());
    }
  }

  private void succeeded(TransactionRequest request, Reply reply) {
    switch (request.kind) {
      case INIT -> {
        epoch.take(reply);
        lifecycle.moveTo(TransactionStage.READY);
      }
      case OFFSETS -> {
        // they are part of the transaction now
      }
      case END -> {
        epoch.take(reply);
        sequences.reset();
        reset();
      }
    }
    request.result.done();
  }

  // errors

  void toAbortableError(RuntimeException cause) {
    if (!lifecycle.isAborting()) {
      lifecycle.moveTo(TransactionStage.ABORTABLE_ERROR, cause);
    }
  }

  void toFatalError(RuntimeException cause) {
    lifecycle.moveTo(TransactionStage.FATAL_ERROR, cause);
    calls.fail(cause);
  }

  /// The producer was closed by force.
  void close() {
    KafkaException cause = new KafkaException("The producer closed forcefully");
    queue.failAll(cause);
    calls.fail(cause);
    lifecycle.moveTo(TransactionStage.FATAL_ERROR, cause);
  }
}
