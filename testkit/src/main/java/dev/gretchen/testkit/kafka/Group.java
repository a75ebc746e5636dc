package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.Scheduler;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/// One consumer group under the classic protocol: who may join it, speak and commit for it, and
/// leave it. Its [Rebalance] has the members wait for each other, gives them a generation, and
/// hands around what the leader has assigned.
///
/// As the group coordinator of Kafka 4 does it: a member that does not come to the barrier holds it
/// until its session or the longest rebalance time-out is over; a static member may be replaced by
/// a new process under its instance id, which fences the old one; nobody checks what a member owns.
final class Group {

  /// What a broker allows: Kafka's defaults.
  private static final int SESSION_MILLIS_MIN = 6_000;

  private static final int SESSION_MILLIS_MAX = 1_800_000;

  private final Scheduler scheduler;
  private final Roster roster = new Roster();
  private final Rebalance rebalance;

  /// Ids of members that were told them and have not come again yet.
  private final Set<String> expected = new LinkedHashSet<>();

  Group(Scheduler scheduler) {
    this.scheduler = scheduler;
    this.rebalance = new Rebalance(scheduler, roster);
  }

  // joining

  /// @param respond told at once if the member may not join or need not wait, else at the barrier
  void join(Request.JoinGroup request, Consumer<Reply.Joined> respond) {
    Errors refused = check(request);
    if (refused != Errors.NONE) {
      respond.accept(GroupMember.refusal(refused));
      return;
    }
    if (request.memberId().isEmpty()) {
      joinUnknown(request, respond);
      return;
    }
    GroupMember member = roster.find(request.memberId());
    if (member != null) {
      joinAgain(member, request, respond);
    } else if (expected.remove(request.memberId())) {
      add(new GroupMember(request.memberId(), request), respond);
    } else {
      respond.accept(GroupMember.refusal(Errors.UNKNOWN_MEMBER_ID));
    }
  }

  private Errors check(Request.JoinGroup request) {
    if (request.sessionTimeoutMillis() < SESSION_MILLIS_MIN
        || request.sessionTimeoutMillis() > SESSION_MILLIS_MAX) {
      return Errors.INVALID_SESSION_TIMEOUT;
    }
    if (!roster.supports(request.protocols().keySet())) {
      return Errors.INCONSISTENT_GROUP_PROTOCOL;
    }
    String instance = request.instanceId();
    if (instance == null || request.memberId().isEmpty()) {
      return Errors.NONE;
    }
    String known = roster.idOf(instance);
    if (known == null) {
      return Errors.UNKNOWN_MEMBER_ID;
    }
    return known.equals(request.memberId()) ? Errors.NONE : Errors.FENCED_INSTANCE_ID;
  }

  private void joinAgain(
      GroupMember member, Request.JoinGroup request, Consumer<Reply.Joined> respond) {
    boolean isSame = member.speaks(request.protocols());
    member.take(request);
    boolean mayStay =
        switch (rebalance.state()) {
          case PREPARING, EMPTY -> false;
          case COMPLETING -> isSame;
          case STABLE -> isSame && !roster.isLeader(member);
        };
    if (mayStay) {
      rebalance.welcome(member, respond);
    } else {
      rebalance.await(member, respond);
    }
  }

  private void joinUnknown(Request.JoinGroup request, Consumer<Reply.Joined> respond) {
    String instance = request.instanceId();
    String id =
        (instance == null ? request.clientId() : instance)
            + "-"
            + HexFormat.of().toHexDigits(scheduler.random().nextLong());
    if (instance == null) {
      expect(id, request, respond);
      return;
    }
    String before = roster.idOf(instance);
    if (before == null) {
      add(new GroupMember(id, request), respond);
    } else {
      replace(before, new GroupMember(id, request), respond);
    }
  }

  /// A dynamic member is told its id first, and comes again with it.
  private void expect(String id, Request.JoinGroup request, Consumer<Reply.Joined> respond) {
    expected.add(id);
    scheduler.after(
        scheduler.world(), request.sessionTimeoutMillis() * 1_000_000L, () -> expected.remove(id));
    respond.accept(new Reply.Joined(Errors.MEMBER_ID_REQUIRED, -1, "", "", id, Map.of(), Map.of()));
  }

  private void add(GroupMember member, Consumer<Reply.Joined> respond) {
    roster.add(member);
    rebalance.await(member, respond);
  }

  /// A new process under a static member's instance id takes the member's place. What it subscribes
  /// to, and tells of itself, does not matter: the others hear of it at their next rebalance.
  private void replace(String before, GroupMember member, Consumer<Reply.Joined> respond) {
    roster.replace(before, member);
    if (rebalance.mayGoOn()) {
      rebalance.welcome(member, respond);
    } else {
      rebalance.await(member, respond);
    }
  }

  // being a member

  /// @param respond told at once if the member may not speak, else as [Rebalance#sync] does
  void sync(Request.SyncGroup request, Consumer<Reply.Synced> respond) {
    Errors refused = check(request.member());
    if (refused != Errors.NONE) {
      respond.accept(Rebalance.refusal(refused));
      return;
    }
    rebalance.sync(roster.member(request.member()), request.assignments(), respond);
  }

  Errors heartbeat(Request.Member from) {
    Errors refused = check(from);
    if (refused != Errors.NONE) {
      return refused;
    }
    rebalance.renew(roster.member(from));
    return switch (rebalance.state()) {
      case EMPTY -> Errors.UNKNOWN_MEMBER_ID;
      case PREPARING -> Errors.REBALANCE_IN_PROGRESS;
      case COMPLETING, STABLE -> Errors.NONE;
    };
  }

  /// Whether a member may speak: known, not replaced, of this generation.
  private Errors check(Request.Member from) {
    Errors refused = roster.check(from);
    if (refused != Errors.NONE) {
      return refused;
    }
    return from.generation() == rebalance.generation() ? Errors.NONE : Errors.ILLEGAL_GENERATION;
  }

  /// Whether offsets may be committed by somebody. One who has not joined may, in a transaction,
  /// unfenced: that is how Kafka has it.
  Errors checkCommit(Request.Member from, boolean transactional) {
    boolean anonymous =
        from.generation() < 0 && from.memberId().isEmpty() && from.instanceId() == null;
    if (anonymous) {
      return transactional || rebalance.state() == Rebalance.State.EMPTY
          ? Errors.NONE
          : Errors.UNKNOWN_MEMBER_ID;
    }
    Errors refused = check(from);
    if (refused != Errors.NONE) {
      return refused;
    }
    if (!transactional) {
      rebalance.renew(roster.member(from));
      if (rebalance.state() == Rebalance.State.COMPLETING) {
        return Errors.REBALANCE_IN_PROGRESS;
      }
    }
    return Errors.NONE;
  }

  // leaving

  /// @return the error of the first that cannot leave; the others leave all the same
  Errors leave(List<Request.Member> leaving) {
    Errors first = Errors.NONE;
    for (Request.Member from : leaving) {
      Errors error = leave(from);
      first = first == Errors.NONE ? error : first;
    }
    rebalance.shareAgain();
    return first;
  }

  private Errors leave(Request.Member from) {
    String id = from.instanceId() == null ? from.memberId() : roster.idOf(from.instanceId());
    GroupMember member = id == null ? null : roster.find(id);
    if (member == null) {
      return expected.remove(from.memberId()) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }
    if (!from.memberId().isEmpty() && !from.memberId().equals(member.id)) {
      return Errors.FENCED_INSTANCE_ID;
    }
    rebalance.remove(member);
    return Errors.NONE;
  }

  Reply.GroupState describe() {
    return new Reply.GroupState(
        Errors.NONE, rebalance.state().text(), rebalance.generation(), roster.describe());
  }
}
