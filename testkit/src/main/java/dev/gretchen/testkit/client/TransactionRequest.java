package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
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

  private TransactionRequest(Kind kind, Request<? extends Reply> request, String operation) {
    this.kind = kind;
    this.request = request;
    this.result = new Result(operation);
  }

  /// @param transactionalId null for a producer that is only idempotent, which has no time-out
  static TransactionRequest initialization(@Nullable String transactionalId, int timeoutMillis) {
    return new TransactionRequest(
        Kind.INIT,
        new Request.InitProducerId(
            transactionalId,
            transactionalId == null ? Integer.MAX_VALUE : timeoutMillis,
            ProducerIdentity.NONE.id(),
            ProducerIdentity.NONE.epoch()),
        "InitProducerId");
  }

  static TransactionRequest offsets(
      String transactionalId,
      ProducerIdentity identity,
      ConsumerGroupMetadata group,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, OffsetAndMetadata> ordered = new TreeMap<>(Partitions.BY_NAME);
    ordered.putAll(offsets);
    Request.Member member =
        new Request.Member(
            group.groupId(),
            group.generationId(),
            group.memberId(),
            group.groupInstanceId().orElse(null));
    return new TransactionRequest(
        Kind.OFFSETS,
        new Request.TxnOffsetCommit(
            transactionalId, identity.id(), identity.epoch(), member, ordered),
        "TxnOffsetCommitHandler");
  }

  static TransactionRequest end(String transactionalId, ProducerIdentity identity, boolean commit) {
    return new TransactionRequest(
        Kind.END,
        new Request.EndTxn(transactionalId, identity.id(), identity.epoch(), commit),
        "EndTxn(" + commit + ")");
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
