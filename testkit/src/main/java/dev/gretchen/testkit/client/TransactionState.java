package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Where an idempotent or transactional producer stands.
///
/// This is `TransactionManager` of `kafka-clients`, with its states, its legal transitions and the
/// texts of its exceptions, as far as `transaction.version` 2 uses it: partitions and groups join a
/// transaction by being written to, and each end of a transaction answers with the next epoch.
///
/// Calls of the application come from its fibers, the others from [Sender].
final class TransactionState {

  private final Connection connection;
  private final @Nullable String transactionalId;
  private final int transactionTimeoutMillis;
  private final Sequences sequences = new Sequences();
  private final List<TransactionRequest> pending = new ArrayList<>();
  private final List<TopicPartition> toBeginAgain = new ArrayList<>();
  private final Set<TopicPartition> partitions = new HashSet<>();
  private TransactionStage stage = TransactionStage.UNINITIALIZED;
  private @Nullable RuntimeException lastError;
  private ProducerIdentity identity = ProducerIdentity.NONE;
  private boolean started;
  private boolean bumpRequired;
  private final Repeatable repeatable = new Repeatable();

  /// @param transactionalId null for a producer that is only idempotent
  TransactionState(
      Connection connection, @Nullable String transactionalId, Duration transactionTimeout) {
    this.connection = connection;
    this.transactionalId = transactionalId;
    this.transactionTimeoutMillis = Math.toIntExact(transactionTimeout.toMillis());
  }

  // calls of the application

  TransactionRequest.Result initialize() {
    failIfInError();
    requireTransactional();
    return repeatable.call(
        () -> {
          moveTo(TransactionStage.INITIALIZING, null);
          return enqueue(initialization());
        },
        TransactionStage.INITIALIZING,
        "initTransactions");
  }

  private TransactionRequest initialization() {
    return new TransactionRequest(
        TransactionRequest.Kind.INIT,
        new Request.InitProducerId(
            transactionalId,
            transactionalId == null ? Integer.MAX_VALUE : transactionTimeoutMillis,
            ProducerIdentity.NONE.id(),
            ProducerIdentity.NONE.epoch()),
        "InitProducerId");
  }

  void begin() {
    requireTransactional();
    repeatable.refuse("beginTransaction");
    failIfInError();
    moveTo(TransactionStage.IN_TRANSACTION, null);
  }

  TransactionRequest.Result commit() {
    requireTransactional();
    return repeatable.call(
        () -> {
          failIfInError();
          moveTo(TransactionStage.COMMITTING_TRANSACTION, null);
          return end(true);
        },
        TransactionStage.COMMITTING_TRANSACTION,
        "commitTransaction");
  }

  TransactionRequest.Result abort() {
    requireTransactional();
    return repeatable.call(
        () -> {
          if (stage != TransactionStage.ABORTABLE_ERROR) {
            failIfInError();
          }
          moveTo(TransactionStage.ABORTING_TRANSACTION, null);
          return end(false);
        },
        TransactionStage.ABORTING_TRANSACTION,
        "abortTransaction");
  }

  private TransactionRequest.Result end(boolean commit) {
    return enqueue(
        new TransactionRequest(
            TransactionRequest.Kind.END,
            new Request.EndTxn(requireTransactional(), identity.id(), identity.epoch(), commit),
            "EndTxn(" + commit + ")"));
  }

  TransactionRequest.Result offsets(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    String id = requireTransactional();
    repeatable.refuse("sendOffsetsToTransaction");
    failIfInError();
    if (stage != TransactionStage.IN_TRANSACTION) {
      throw new IllegalStateException(
          "Cannot send offsets if a transaction is not in progress (currentState= " + stage + ")");
    }
    started = true;
    Map<TopicPartition, OffsetAndMetadata> ordered = new TreeMap<>(Partitions.BY_NAME);
    ordered.putAll(offsets);
    Request.Member member =
        new Request.Member(
            group.groupId(),
            group.generationId(),
            group.memberId(),
            group.groupInstanceId().orElse(null));
    return enqueue(
        new TransactionRequest(
            TransactionRequest.Kind.OFFSETS,
            new Request.TxnOffsetCommit(id, identity.id(), identity.epoch(), member, ordered),
            "TxnOffsetCommitHandler"));
  }

  /// A record for a partition was appended.
  void addPartition(TopicPartition partition) {
    failIfInError();
    repeatable.refuse("send");
    if (!isTransactional()) {
      return;
    }
    if (!identity.isValid()) {
      throw new IllegalStateException(
          "Cannot add partition "
              + partition
              + " to transaction before completing a call to initTransactions");
    }
    if (stage != TransactionStage.IN_TRANSACTION) {
      throw new IllegalStateException(
          "Cannot add partition " + partition + " to transaction while in state  " + stage);
    }
    partitions.add(partition);
    started = true;
  }

  /// Whether records may go to a partition: in a transaction, once it is part of it.
  boolean maySendTo(TopicPartition partition) {
    return !isTransactional() || partitions.contains(partition);
  }

  private String requireTransactional() {
    if (transactionalId == null) {
      throw new IllegalStateException(
          "Transactional method invoked on a non-transactional producer.");
    }
    return transactionalId;
  }

  private void failIfInError() {
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

  // what the sender asks

  Sequences sequences() {
    return sequences;
  }

  @Nullable String transactionalId() {
    return transactionalId;
  }

  ProducerIdentity identity() {
    return identity;
  }

  boolean isTransactional() {
    return transactionalId != null;
  }

  boolean hasError() {
    return stage == TransactionStage.ABORTABLE_ERROR || stage == TransactionStage.FATAL_ERROR;
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

  boolean hasPendingRequests() {
    return !pending.isEmpty();
  }

  RuntimeException error() {
    return lastError == null ? new KafkaException("no error is known") : lastError;
  }

  /// A producer without transactions takes up its identity, or a newer epoch, by itself.
  void keepIdentity() {
    if (isTransactional()) {
      return;
    }
    if (bumpRequired) {
      bump();
    }
    if (stage != TransactionStage.INITIALIZING && !identity.isValid()) {
      moveTo(TransactionStage.INITIALIZING, null);
      enqueue(initialization());
    }
  }

  private void bump() {
    if (identity.epoch() == Short.MAX_VALUE) {
      identity = ProducerIdentity.NONE;
      moveTo(TransactionStage.UNINITIALIZED, null);
    } else {
      identity = identity.bumped();
    }
    toBeginAgain.forEach(partition -> sequences.beginAgain(partition, identity));
    toBeginAgain.clear();
    bumpRequired = false;
  }

  private void requireBump(TopicPartition partition) {
    bumpRequired = true;
    if (!toBeginAgain.contains(partition)) {
      toBeginAgain.add(partition);
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
        requireBump(partition);
      }
    }
  }

  /// The next request to be sent, or null if none may be sent now.
  ///
  /// @param hasBatches whether records are under way: the end of a transaction waits for them
  @Nullable TransactionRequest next(boolean hasBatches) {
    while (true) {
      TransactionRequest next = first();
      if (next == null || (next.kind == TransactionRequest.Kind.END && hasBatches)) {
        return null;
      }
      pending.remove(next);
      if (hasError()) {
        next.result.fail(error());
      } else if (next.kind == TransactionRequest.Kind.END && !started) {
        // nothing was written: nothing is to be ended
        next.result.done();
        reset();
      } else {
        return next;
      }
    }
  }

  private @Nullable TransactionRequest first() {
    TransactionRequest first = null;
    for (TransactionRequest request : pending) {
      if (first == null || request.kind.compareTo(first.kind) < 0) {
        first = request;
      }
    }
    return first;
  }

  private TransactionRequest.Result enqueue(TransactionRequest request) {
    pending.add(request);
    return request.result;
  }

  private void enqueueAgain(TransactionRequest request) {
    request.isRetry = true;
    enqueue(request);
  }

  /// The outcome of a request, null if it is unknown.
  void answered(TransactionRequest request, @Nullable Reply reply) {
    if (reply == null || reply.error().exception() instanceof RetriableException) {
      enqueueAgain(request);
    } else if (reply.error() == Errors.NONE) {
      succeeded(request, reply);
    } else {
      new TransactionErrors(this, request).handle(reply.error());
    }
  }

  private void succeeded(TransactionRequest request, Reply reply) {
    switch (request.kind) {
      case INIT -> {
        take(reply);
        moveTo(TransactionStage.READY, null);
      }
      case OFFSETS -> {
        // they are part of the transaction now
      }
      case END -> {
        take(reply);
        sequences.reset();
        reset();
      }
    }
    request.result.done();
  }

  private void take(Reply reply) {
    if (reply instanceof Reply.Producer producer && producer.producerId() >= 0) {
      identity = new ProducerIdentity(producer.producerId(), producer.epoch());
    }
  }

  private void reset() {
    moveTo(TransactionStage.READY, null);
    partitions.clear();
    started = false;
  }

  void acknowledged(Batch batch) {
    sequences.acknowledged(batch);
  }

  /// A batch has failed for good.
  ///
  /// @param refused whether the brokers are known not to have it
  void failed(Batch batch, RuntimeException cause, boolean refused) {
    toErrorAfter(cause);
    sequences.drop(batch);
    if (hasFatalError()) {
      return;
    }
    if (cause instanceof OutOfOrderSequenceException && !isTransactional()) {
      requireBump(batch.partition);
    } else if (cause instanceof UnknownProducerIdException) {
      sequences.reset(batch.partition);
    } else if (refused) {
      if (isTransactional()) {
        sequences.closeGap(batch);
      } else {
        requireBump(batch.partition);
      }
    }
  }

  /// Whether a batch that was answered with an error is to be sent again.
  boolean isRetriable(Errors error, Batch batch) {
    TopicPartition partition = batch.partition;
    if (error == Errors.UNKNOWN_PRODUCER_ID && !isTransactional()) {
      requireBump(partition);
      return true;
    }
    if (error == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER) {
      boolean isUnresolved = sequences.isUnresolved(partition);
      if (!isUnresolved
          && (batch.sequenceWasReset || !sequences.isNext(partition, batch.sequence))) {
        return true;
      }
      if (!isTransactional()) {
        if (!isUnresolved || sequences.isBehindUnresolved(partition, batch.sequence)) {
          requireBump(partition);
        }
        return true;
      }
    }
    return error.exception() instanceof RetriableException;
  }

  /// What an error of a send does to the producer.
  void toErrorAfter(RuntimeException cause) {
    if (cause instanceof ClusterAuthorizationException
        || cause instanceof TransactionalIdAuthorizationException
        || cause instanceof ProducerFencedException
        || cause instanceof UnsupportedVersionException
        || cause instanceof InvalidPidMappingException) {
      toFatalError(cause);
    } else if (isTransactional()) {
      boolean isPassing =
          cause instanceof RetriableException || cause instanceof InvalidTxnStateException;
      toAbortableError(
          isPassing
              ? new TransactionAbortableException(
                  "Transaction Request was aborted after exhausting retries.", cause)
              : cause);
    }
  }

  void toAbortableError(RuntimeException cause) {
    if (stage != TransactionStage.ABORTING_TRANSACTION) {
      moveTo(TransactionStage.ABORTABLE_ERROR, cause);
    }
  }

  void toFatalError(RuntimeException cause) {
    moveTo(TransactionStage.FATAL_ERROR, cause);
    repeatable.fail(cause);
  }

  /// The producer was closed by force.
  void close() {
    KafkaException cause = new KafkaException("The producer closed forcefully");
    List<TransactionRequest> open = List.copyOf(pending);
    pending.clear();
    open.forEach(request -> request.result.fail(cause));
    repeatable.fail(cause);
    moveTo(TransactionStage.FATAL_ERROR, cause);
  }

  private void moveTo(TransactionStage target, @Nullable RuntimeException cause) {
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
