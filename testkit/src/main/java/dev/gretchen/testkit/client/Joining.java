package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// How a consumer gets into a generation of its group, in the background: it joins, which takes
/// until all have, and then syncs, which brings its assignment.
///
/// Meanwhile it may have left, or the heartbeats may have found that it was thrown out: each reply
/// is held against the [MembershipState] of now.
final class Joining {

  /// The coordinator may hold a join for as long as a rebalance takes; the client waits a little
  /// longer.
  private static final Duration JOIN_LAPSE = Duration.ofSeconds(5);

  private static final Duration JOIN_MIN = Duration.ofSeconds(30);

  private final Lane lane;
  private final MembershipState state;
  private final Rebalances rebalances;
  private final GroupLeader leader;
  private final Heartbeats heartbeats;

  /// @param lane to the group's coordinator
  /// @param heartbeats begin once the group lets the member in
  Joining(
      Lane lane,
      MembershipState state,
      Rebalances rebalances,
      GroupLeader leader,
      Heartbeats heartbeats) {
    this.lane = lane;
    this.state = state;
    this.rebalances = rebalances;
    this.leader = leader;
    this.heartbeats = heartbeats;
  }

  /// Asks the coordinator to let the consumer in.
  ///
  /// @param attempt told the outcome, unless this throws
  void begin(JoinAttempt attempt) {
    state.join();
    GroupSettings settings = state.settings();
    Generation sent = state.generation();
    Duration longest = settings.pollInterval().plus(JOIN_LAPSE);
    lane.send(
        new Request.JoinGroup(
            settings.group(),
            settings.clientId(),
            sent.member(),
            settings.instance(),
            Math.toIntExact(settings.session().toMillis()),
            Math.toIntExact(settings.pollInterval().toMillis()),
            rebalances.protocols(sent)),
        longest.compareTo(JOIN_MIN) < 0 ? JOIN_MIN : longest,
        reply -> joined(attempt, sent, reply));
  }

  private void joined(JoinAttempt attempt, Generation sent, Reply.@Nullable Joined reply) {
    Errors error = reply == null ? Errors.NETWORK_EXCEPTION : reply.error();
    if (reply == null || error.exception() instanceof RetriableException) {
      attempt.fail(error);
      return;
    }
    switch (error) {
      case NONE -> letIn(attempt, reply);
      case UNKNOWN_MEMBER_ID -> {
        if (state.generation().equals(sent)) {
          state.resetAndRejoin(true);
        }
        attempt.fail(error);
      }
      case MEMBER_ID_REQUIRED -> {
        state.named(reply.memberId());
        attempt.fail(error);
      }
      case REBALANCE_IN_PROGRESS,
          FENCED_INSTANCE_ID,
          INCONSISTENT_GROUP_PROTOCOL,
          INVALID_SESSION_TIMEOUT,
          INVALID_GROUP_ID,
          GROUP_AUTHORIZATION_FAILED,
          GROUP_MAX_SIZE_REACHED ->
          attempt.fail(error);
      default ->
          attempt.fail(
              new KafkaException("Unexpected error in join group response: " + error.message()));
    }
  }

  private void letIn(JoinAttempt attempt, Reply.Joined reply) {
    if (!state.isJoining()) {
      // it has left meanwhile
      attempt.fail(Errors.COORDINATOR_NOT_AVAILABLE);
      return;
    }
    state.joined(new Generation(reply.generation(), reply.memberId(), reply.protocol()));
    heartbeats.begin();
    if (reply.memberId().equals(reply.leader()) && !reply.members().isEmpty()) {
      leader.share(attempt, reply, assignments -> sync(attempt, assignments));
    } else {
      sync(attempt, Map.of());
    }
  }

  private void sync(JoinAttempt attempt, Map<String, byte[]> assignments) {
    Generation sent = state.generation();
    lane.send(
        new Request.SyncGroup(state.speaker(), assignments),
        state.settings().requestTimeout(),
        reply -> synced(attempt, sent, reply));
  }

  private void synced(JoinAttempt attempt, Generation sent, Reply.@Nullable Synced reply) {
    Errors error = reply == null ? Errors.NETWORK_EXCEPTION : reply.error();
    if (reply == null || error.exception() instanceof RetriableException) {
      attempt.fail(error);
      return;
    }
    switch (error) {
      case NONE -> {
        if (state.generation().isReset() || !state.isSyncing()) {
          // the heartbeats have found that it was thrown out meanwhile
          attempt.fail(Errors.ILLEGAL_GENERATION);
        } else {
          state.synced();
          attempt.succeed(reply.assignment());
        }
      }
      case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION -> {
        if (state.generation().equals(sent)) {
          state.resetAndRejoin(error != Errors.ILLEGAL_GENERATION);
        }
        attempt.fail(error);
      }
      case REBALANCE_IN_PROGRESS, FENCED_INSTANCE_ID, GROUP_AUTHORIZATION_FAILED ->
          attempt.fail(error);
      default ->
          attempt.fail(new KafkaException("Unexpected error from SyncGroup: " + error.message()));
    }
  }
}
