package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.common.KafkaException;
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

  /// The coordinator may hold a join for as long as a rebalance takes; the client waits a little
  /// longer.
  private static final Duration JOIN_LAPSE = Duration.ofSeconds(5);

  private static final Duration JOIN_MIN = Duration.ofSeconds(30);

  private final Connection connection;
  private final Lane lane;
  private final GroupSettings settings;
  private final Rebalances rebalances;
  private final TopicCache topics;
  private final Backoff backoff;
  private final Heartbeats heartbeats;
  private State state = State.UNJOINED;
  private Generation generation = Generation.NONE;
  private boolean rejoinNeeded = true;
  private boolean needsPreparation = true;
  private @Nullable Join join;
  private long joinNotBefore;
  private int leaving;

  private enum State {
    UNJOINED,
    PREPARING_REBALANCE,
    COMPLETING_REBALANCE,
    STABLE
  }

  /// An attempt to join, with what becomes of it.
  private static final class Join {
    byte @Nullable [] assignment;
    @Nullable RuntimeException failure;

    /// The coordinator's answer that made it fail.
    Errors error = Errors.NONE;

    boolean isDone() {
      return assignment != null || failure != null;
    }

    void fail(Errors cause) {
      error = cause;
      fail(cause.exception());
    }

    void fail(RuntimeException cause) {
      failure = cause;
    }
  }

  /// @param lane to the group's coordinator
  Membership(
      Connection connection,
      Lane lane,
      GroupSettings settings,
      Rebalances rebalances,
      TopicCache topics,
      Backoff backoff) {
    this.connection = connection;
    this.lane = lane;
    this.settings = settings;
    this.rebalances = rebalances;
    this.topics = topics;
    this.backoff = backoff;
    this.heartbeats = new Heartbeats(connection, settings, backoff, this);
  }

  GroupSettings settings() {
    return settings;
  }

  Generation generation() {
    return generation;
  }

  boolean isStable() {
    return state == State.STABLE;
  }

  boolean isRebalancing() {
    return state == State.PREPARING_REBALANCE || state == State.COMPLETING_REBALANCE;
  }

  boolean isJoining() {
    return state == State.PREPARING_REBALANCE;
  }

  @Override
  public boolean hasJoined() {
    return state == State.COMPLETING_REBALANCE || state == State.STABLE;
  }

  /// Who speaks, to the coordinator.
  Request.Member speaker() {
    return new Request.Member(
        settings.group(), generation.id(), generation.member(), settings.instance());
  }

  void requestRejoin() {
    rejoinNeeded = true;
  }

  /// Takes membership a step on, in the polling fiber; listeners may be told on the way. Does not
  /// wait for the coordinator.
  ///
  /// @return whether the member is where the group wants it
  boolean poll() {
    heartbeats.polled();
    while (isRejoinNeeded()) {
      if (needsPreparation) {
        // first, because a listener may throw: it is then not told again
        needsPreparation = false;
        rebalances.prepare(generation);
      }
      Join attempt = join;
      if (attempt == null) {
        if (connection.now() < joinNotBefore) {
          return false;
        }
        attempt = begin();
      }
      if (!attempt.isDone()) {
        return false;
      }
      if (attempt.failure == null ? !succeeded(attempt) : !failed(attempt, attempt.failure)) {
        return false;
      }
    }
    return true;
  }

  private boolean isRejoinNeeded() {
    if (rebalances.haveTopicsChanged()) {
      rejoinNeeded = true;
    }
    return rejoinNeeded || join != null;
  }

  private boolean succeeded(Join attempt) {
    byte[] assignment = attempt.assignment;
    if (assignment == null || generation.isReset() || state != State.STABLE) {
      resetAndRejoin(true);
      join = null;
    } else {
      // where a listener throws, the attempt stays, and the next poll tells it again
      rebalances.complete(generation, assignment, this::requestRejoin);
      join = null;
      needsPreparation = true;
    }
    return true;
  }

  private boolean failed(Join attempt, RuntimeException cause) {
    join = null;
    if (attempt.error != Errors.MEMBER_ID_REQUIRED) {
      requestRejoin();
    }
    boolean atOnce =
        switch (attempt.error) {
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

  private Join begin() {
    Join attempt = new Join();
    join = attempt;
    state = State.PREPARING_REBALANCE;
    Generation sent = generation;
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
    return attempt;
  }

  private void joined(Join attempt, Generation sent, Reply.@Nullable Joined reply) {
    Errors error = reply == null ? Errors.NETWORK_EXCEPTION : reply.error();
    if (reply == null || error.exception() instanceof RetriableException) {
      attempt.fail(error);
      return;
    }
    switch (error) {
      case NONE -> {
        if (state != State.PREPARING_REBALANCE) {
          // it has left meanwhile
          attempt.fail(Errors.COORDINATOR_NOT_AVAILABLE);
          return;
        }
        state = State.COMPLETING_REBALANCE;
        generation = new Generation(reply.generation(), reply.memberId(), reply.protocol());
        heartbeats.begin();
        if (reply.memberId().equals(reply.leader()) && !reply.members().isEmpty()) {
          lead(attempt, reply);
        } else {
          sync(attempt, Map.of());
        }
      }
      case UNKNOWN_MEMBER_ID -> {
        if (generation.equals(sent)) {
          resetAndRejoin(true);
        }
        attempt.fail(error);
      }
      case MEMBER_ID_REQUIRED -> {
        generation = new Generation(Generation.NONE.id(), reply.memberId(), null);
        requestRejoin();
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

  /// The leader needs to know the topics before it can share them out.
  private void lead(Join attempt, Reply.Joined joined) {
    Set<String> wanted = rebalances.topicsOf(joined);
    connection.send(
        new Request.Metadata(wanted),
        settings.requestTimeout(),
        reply -> {
          if (state != State.COMPLETING_REBALANCE || generation.id() != joined.generation()) {
            attempt.fail(Errors.REBALANCE_IN_PROGRESS);
          } else if (reply == null || reply.error() != Errors.NONE) {
            connection.after(backoff.nanos(0), () -> lead(attempt, joined));
          } else {
            topics.take(wanted, reply);
            assign(attempt, joined, reply);
          }
        });
  }

  private void assign(Join attempt, Reply.Joined joined, Reply.Topics reply) {
    Map<String, byte[]> assignments;
    try {
      assignments = rebalances.assign(joined, reply.topics());
    } catch (RuntimeException thrown) {
      attempt.fail(thrown);
      connection.changed();
      return;
    }
    sync(attempt, assignments);
  }

  private void sync(Join attempt, Map<String, byte[]> assignments) {
    Generation sent = generation;
    lane.send(
        new Request.SyncGroup(speaker(), assignments),
        settings.requestTimeout(),
        reply -> synced(attempt, sent, reply));
  }

  private void synced(Join attempt, Generation sent, Reply.@Nullable Synced reply) {
    Errors error = reply == null ? Errors.NETWORK_EXCEPTION : reply.error();
    if (reply == null || error.exception() instanceof RetriableException) {
      attempt.fail(error);
      return;
    }
    switch (error) {
      case NONE -> {
        if (generation.isReset() || state != State.COMPLETING_REBALANCE) {
          // the heartbeats have found that it was thrown out meanwhile
          attempt.fail(Errors.ILLEGAL_GENERATION);
        } else {
          state = State.STABLE;
          rejoinNeeded = false;
          attempt.assignment = reply.assignment();
        }
      }
      case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION -> {
        if (generation.equals(sent)) {
          resetAndRejoin(error != Errors.ILLEGAL_GENERATION);
        }
        attempt.fail(error);
      }
      case REBALANCE_IN_PROGRESS, FENCED_INSTANCE_ID, GROUP_AUTHORIZATION_FAILED ->
          attempt.fail(error);
      default ->
          attempt.fail(new KafkaException("Unexpected error from SyncGroup: " + error.message()));
    }
  }

  /// Out of the generation: what is held is lost, and told so by the next poll.
  ///
  /// @param forgetMember whether the coordinator no longer knows the member
  void resetAndRejoin(boolean forgetMember) {
    state = State.UNJOINED;
    generation = forgetMember ? Generation.NONE : generation.withoutId();
    rejoinNeeded = true;
    needsPreparation = true;
    connection.changed();
  }

  // heartbeats

  @Override
  public void beat() {
    Generation sent = generation;
    lane.send(
        new Request.Heartbeat(speaker()),
        settings.requestTimeout(),
        reply -> beaten(sent, reply == null ? Errors.NETWORK_EXCEPTION : reply.error()));
  }

  private void beaten(Generation sent, Errors error) {
    switch (error) {
      case NONE -> heartbeats.answered();
      case REBALANCE_IN_PROGRESS -> {
        if (state == State.STABLE) {
          requestRejoin();
        }
        heartbeats.answered();
      }
      case ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> {
        if (!generation.equals(sent)) {
          heartbeats.answered();
        } else {
          resetAndRejoin(error != Errors.ILLEGAL_GENERATION);
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
    boolean tells =
        operation == GroupMembershipOperation.LEAVE_GROUP
            || (settings.instance() == null && operation == GroupMembershipOperation.DEFAULT);
    if (tells && state != State.UNJOINED && !generation.member().isEmpty()) {
      leaving++;
      Request.Member leaver =
          new Request.Member(settings.group(), generation.id(), generation.member(), null);
      lane.send(
          new Request.LeaveGroup(settings.group(), List.of(leaver)),
          settings.requestTimeout(),
          _ -> leaving--);
    }
    resetAndRejoin(true);
  }

  /// Gives up everything, as when the consumer subscribes to nothing any more.
  void unsubscribe() {
    rebalances.leave(generation, isRebalancing());
    leave(GroupMembershipOperation.DEFAULT);
  }

  /// Gives up everything and leaves, or stays on the coordinator's books; heartbeats end first.
  void close(Duration bound, GroupMembershipOperation operation) {
    heartbeats.end();
    rebalances.leave(generation, isRebalancing());
    leave(operation);
    if (leaving > 0) {
      connection.await(() -> leaving == 0, bound);
    }
  }
}
