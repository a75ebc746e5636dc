package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// A consumer's membership in its group, under the classic protocol.
///
/// This is `AbstractCoordinator` of `kafka-clients`: joining and syncing go on in the background
/// while polls come and go; what they bring is taken over, and listeners are told, by the next
/// poll. Meanwhile the heartbeats may find that the member was thrown out: then its generation is
/// reset, and the next poll gives up what it held as lost.
final class Membership implements Heartbeats.Member {

  private final Connection connection;
  private final Lane lane;
  private final MembershipState state;
  private final Rebalances rebalances;
  private final Backoff backoff;
  private final Heartbeats heartbeats;
  private final Joining joining;
  private @Nullable JoinAttempt attempt;
  private long joinNotBefore;
  private int leaving;

  /// @param lane to the group's coordinator
  Membership(
      Connection connection,
      Lane lane,
      MembershipState state,
      Rebalances rebalances,
      TopicCache topics,
      Backoff backoff) {
    this.connection = connection;
    this.lane = lane;
    this.state = state;
    this.rebalances = rebalances;
    this.backoff = backoff;
    this.heartbeats = new Heartbeats(connection, state.settings(), backoff, this);
    GroupLeader leader = new GroupLeader(connection, state, rebalances, topics, backoff);
    this.joining = new Joining(lane, state, rebalances, leader, heartbeats);
  }

  void requestRejoin() {
    state.requestRejoin();
  }

  // joining

  /// Takes membership a step on, in the polling fiber; listeners may be told on the way. Does not
  /// wait for the coordinator.
  ///
  /// @return whether the member is where the group wants it
  boolean poll() {
    heartbeats.polled();
    while (isRejoinNeeded()) {
      if (state.takePreparation()) {
        // taken first, because a listener may throw: it is then not told again
        rebalances.prepare(state.generation());
      }
      JoinAttempt current = attempt;
      if (current == null) {
        if (connection.now() < joinNotBefore) {
          return false;
        }
        current = new JoinAttempt();
        attempt = current;
        joining.begin(current);
      }
      if (!current.isDone()) {
        return false;
      }
      RuntimeException failure = current.failure();
      if (failure == null) {
        succeeded(current);
      } else if (!failed(current, failure)) {
        return false;
      }
    }
    return true;
  }

  private boolean isRejoinNeeded() {
    if (rebalances.haveTopicsChanged()) {
      state.requestRejoin();
    }
    return state.isRejoinNeeded() || attempt != null;
  }

  private void succeeded(JoinAttempt current) {
    byte[] assignment = current.assignment();
    if (assignment == null || state.generation().isReset() || !state.isStable()) {
      state.resetAndRejoin(true);
      attempt = null;
    } else {
      // where a listener throws, the attempt stays, and the next poll tells it again
      rebalances.complete(state.generation(), assignment, state::requestRejoin);
      attempt = null;
      state.settled();
    }
  }

  /// @return whether it is tried again at once
  private boolean failed(JoinAttempt current, RuntimeException cause) {
    attempt = null;
    if (current.error() != Errors.MEMBER_ID_REQUIRED) {
      state.requestRejoin();
    }
    boolean atOnce =
        switch (current.error()) {
          case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS, MEMBER_ID_REQUIRED ->
              true;
          default -> false;
        };
    if (!atOnce) {
      if (!(cause instanceof RetriableException)) {
        throw cause;
      }
      long pause = backoff.nanos(0);
      joinNotBefore = connection.now() + pause;
      connection.after(pause, connection::changed);
    }
    return atOnce;
  }

  // heartbeats

  @Override
  public boolean hasJoined() {
    return state.hasJoined();
  }

  @Override
  public void beat() {
    Generation sent = state.generation();
    lane.send(
        new Request.Heartbeat(state.speaker()),
        state.settings().requestTimeout(),
        reply -> beaten(sent, reply == null ? Errors.NETWORK_EXCEPTION : reply.error()));
  }

  private void beaten(Generation sent, Errors error) {
    switch (error) {
      case NONE -> heartbeats.answered();
      case REBALANCE_IN_PROGRESS -> {
        if (state.isStable()) {
          state.requestRejoin();
        }
        heartbeats.answered();
      }
      case ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> {
        if (!state.generation().equals(sent)) {
          heartbeats.answered();
        } else {
          state.resetAndRejoin(error != Errors.ILLEGAL_GENERATION);
          if (error == Errors.FENCED_INSTANCE_ID) {
            heartbeats.fail(error.exception());
          } else {
            heartbeats.failed();
          }
        }
      }
      default -> heartbeats.failed();
    }
  }

  @Override
  public void pollIsLate() {
    leave(GroupMembershipOperation.DEFAULT);
  }

  @Override
  public void sessionIsOver() {
    lane.breakOff();
  }

  // leaving

  private void leave(GroupMembershipOperation operation) {
    GroupSettings settings = state.settings();
    Generation left = state.generation();
    boolean tells =
        operation == GroupMembershipOperation.LEAVE_GROUP
            || (settings.instance() == null && operation == GroupMembershipOperation.DEFAULT);
    if (tells && !state.isUnjoined() && !left.member().isEmpty()) {
      leaving++;
      Request.Member leaver = new Request.Member(settings.group(), left.id(), left.member(), null);
      lane.send(
          new Request.LeaveGroup(settings.group(), List.of(leaver)),
          settings.requestTimeout(),
          _ -> leaving--);
    }
    state.resetAndRejoin(true);
  }

  /// Gives up everything, as when the consumer subscribes to nothing any more.
  void unsubscribe() {
    rebalances.leave(state.generation(), state.isRebalancing());
    leave(GroupMembershipOperation.DEFAULT);
  }

  /// Gives up everything and leaves, or stays on the coordinator's books; heartbeats end first.
  void close(Duration bound, GroupMembershipOperation operation) {
    heartbeats.end();
    rebalances.leave(state.generation(), state.isRebalancing());
    leave(operation);
    if (leaving > 0) {
      connection.await(() -> leaving == 0, bound);
    }
  }
}
