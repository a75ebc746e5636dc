package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// A group's committed offsets, as its consumer reads and writes them.
final class GroupOffsets {

  private final Connection connection;
  private final Lane lane;
  private final Subscriptions subscriptions;
  private final MembershipState membership;
  private final Backoff backoff;
  private final ArrayDeque<Runnable> completed = new ArrayDeque<>();
  private @Nullable Pending pending;
  private boolean fenced;
  private int underWay;

  /// A question that may outlive the poll that asked it.
  private static final class Pending {
    final Set<TopicPartition> partitions;
    final Generation generation;
    Reply.@Nullable Committed reply;
    boolean isDone;

    Pending(Set<TopicPartition> partitions, Generation generation) {
      this.partitions = partitions;
      this.generation = generation;
    }
  }

  /// @param lane to the group's coordinator
  GroupOffsets(
      Connection connection,
      Lane lane,
      Subscriptions subscriptions,
      MembershipState membership,
      Backoff backoff) {
    this.connection = connection;
    this.lane = lane;
    this.subscriptions = subscriptions;
    this.membership = membership;
    this.backoff = backoff;
  }

  /// Committed offsets of partitions, of those that have one; waits until no pending transaction
  /// may change them.
  ///
  /// @return null if the time was over before
  @Nullable Map<TopicPartition, OffsetAndMetadata> committed(
      Set<TopicPartition> partitions, long deadline) {
    if (partitions.isEmpty()) {
      return Map.of();
    }
    for (int attempt = 0; ; attempt++) {
      Pending question = question(partitions);
      if (!connection.await(() -> question.isDone, left(deadline))) {
        return null;
      }
      pending = null;
      Reply.Committed reply = question.reply;
      Errors error = reply == null ? Errors.NETWORK_EXCEPTION : reply.error();
      if (reply != null && error == Errors.NONE && reply.unstable().isEmpty()) {
        return reply.offsets();
      }
      if (error != Errors.NONE && !(error.exception() instanceof RetriableException)) {
        throw new KafkaException("Unexpected error in fetch offset response: " + error.message());
      }
      long left = left(deadline).toNanos();
      if (left <= 0) {
        return null;
      }
      connection.sleep(Math.min(left, backoff.nanos(attempt)));
    }
  }

  private Pending question(Set<TopicPartition> partitions) {
    Pending before = pending;
    if (before != null
        && before.partitions.equals(partitions)
        && before.generation.equals(membership.generation())) {
      return before;
    }
    Pending question = new Pending(Partitions.sorted(partitions), membership.generation());
    pending = question;
    lane.send(
        new Request.OffsetFetch(membership.settings().group(), question.partitions, true),
        membership.settings().requestTimeout(),
        reply -> {
          question.reply = reply;
          question.isDone = true;
        });
    return question;
  }

  private Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - connection.now()));
  }

  private static final class Committing {
    @Nullable RuntimeException failure;
    boolean isDone;
  }

  /// @throws TimeoutException if nobody has answered in time
  void commit(Map<TopicPartition, OffsetAndMetadata> offsets, Duration bound) {
    tellCompleted();
    if (offsets.isEmpty()) {
      return;
    }
    long deadline = connection.now() + bound.toNanos();
    Map<TopicPartition, OffsetAndMetadata> ordered = ordered(offsets);
    for (int attempt = 0; left(deadline).isPositive(); attempt++) {
      Generation sent = speaking();
      Committing commit = new Committing();
      lane.send(
          new Request.OffsetCommit(speaker(), ordered),
          TopicCache.shorter(membership.settings().requestTimeout(), deadline - connection.now()),
          reply -> {
            commit.failure = failure(sent, reply);
            commit.isDone = true;
          });
      connection.await(() -> commit.isDone, left(deadline).plusMillis(1));
      tellCompleted();
      RuntimeException failure = commit.failure;
      if (commit.isDone && failure == null) {
        return;
      }
      if (commit.isDone && !(failure instanceof RetriableException)) {
        throw failure;
      }
      long left = left(deadline).toNanos();
      if (left > 0) {
        connection.sleep(Math.min(left, backoff.nanos(attempt)));
      }
    }
    throw new TimeoutException(
        "Timeout of %dms expired before successfully committing offsets %s"
            .formatted(bound.toMillis(), offsets));
  }

  void commitInBackground(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
    tellCompleted();
    if (offsets.isEmpty()) {
      complete(offsets, callback, null);
      return;
    }
    Generation sent;
    try {
      sent = speaking();
    } catch (KafkaException notNow) {
      complete(offsets, callback, notNow);
      return;
    }
    underWay++;
    lane.send(
        new Request.OffsetCommit(speaker(), ordered(offsets)),
        membership.settings().requestTimeout(),
        reply -> {
          underWay--;
          RuntimeException failure = failure(sent, reply);
          fenced |= failure instanceof FencedInstanceIdException;
          complete(
              offsets,
              callback,
              failure instanceof RetriableException
                  ? new RetriableCommitFailedException(failure)
                  : failure);
        });
  }

  private void complete(
      Map<TopicPartition, OffsetAndMetadata> offsets,
      @Nullable OffsetCommitCallback callback,
      @Nullable Exception failure) {
    if (callback != null) {
      completed.add(() -> callback.onComplete(offsets, failure));
    }
  }

  /// Calls back for commits that are done, in the polling fiber.
  void tellCompleted() {
    if (fenced) {
      throw new FencedInstanceIdException(
          "Get fenced exception for group.instance.id " + membership.settings().instance());
    }
    for (Runnable next = completed.poll(); next != null; next = completed.poll()) {
      next.run();
    }
  }

  /// Waits for commits that are under way.
  void awaitCommits(Duration bound) {
    if (underWay > 0) {
      connection.await(() -> underWay == 0, bound);
    }
    tellCompleted();
  }

  private static Map<TopicPartition, OffsetAndMetadata> ordered(
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, OffsetAndMetadata> ordered = new TreeMap<>(Partitions.BY_NAME);
    ordered.putAll(offsets);
    return ordered;
  }

  /// @throws KafkaException if the consumer is no member now and ought to be
  private Generation speaking() {
    if (!subscriptions.isByTopic()) {
      return Generation.NONE;
    }
    if (membership.isStable()) {
      return membership.generation();
    }
    if (membership.isRebalancing()) {
      throw new RebalanceInProgressException(
          "Offset commit cannot be completed since the consumer is undergoing a rebalance for auto partition assignment. You can try completing the rebalance by calling poll() and then retry the operation.");
    }
    throw new CommitFailedException(
        "Offset commit cannot be completed since the consumer is not part of an active group for auto partition assignment; it is likely that the consumer was kicked out of the group.");
  }

  private Request.Member speaker() {
    return subscriptions.isByTopic()
        ? membership.speaker()
        : new Request.Member(
            membership.settings().group(), Generation.NONE.id(), Generation.NONE.member(), null);
  }

  private @Nullable RuntimeException failure(Generation sent, Reply.@Nullable Status reply) {
    Errors error = reply == null ? Errors.NETWORK_EXCEPTION : reply.error();
    boolean isOurs = membership.generation().equals(sent);
    return switch (error) {
      case NONE -> null;
      case FENCED_INSTANCE_ID ->
          isOurs
              ? error.exception()
              : membership.isJoining()
                  ? new RebalanceInProgressException(error.message())
                  : new CommitFailedException();
      case REBALANCE_IN_PROGRESS -> {
        membership.requestRejoin();
        yield new RebalanceInProgressException(
            "Offset commit cannot be completed since the consumer group is executing a rebalance at the moment. You can try completing the rebalance by calling poll() and then retry commit again");
      }
      case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION -> {
        if (!isOurs && membership.isJoining()) {
          yield new RebalanceInProgressException(error.message());
        }
        membership.resetAndRejoin(error != Errors.ILLEGAL_GENERATION);
        yield new CommitFailedException();
      }
      case OFFSET_METADATA_TOO_LARGE, INVALID_COMMIT_OFFSET_SIZE -> error.exception();
      default ->
          error.exception() instanceof RetriableException passing
              ? passing
              : new KafkaException("Unexpected error in commit: " + error.message());
    };
  }
}
