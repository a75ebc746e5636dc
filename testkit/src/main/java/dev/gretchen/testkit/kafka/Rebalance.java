package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.Scheduler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/// The rebalances of one group, one after the other.
///
/// **A rebalance** begins when somebody comes, goes, or wants something else: [State#PREPARING].
/// All members come to a barrier, by joining; who is not there when the longest rebalance time-out
/// is over is left behind, but for static members. Then the group has its next generation, and
/// everybody is told of it: [State#COMPLETING]. The members ask for their assignments, and have
/// them once the leader has come with them: [State#STABLE]. Who does not ask holds up the others
/// for no longer than, once more, the longest rebalance time-out.
final class Rebalance {

  private final Scheduler scheduler;
  private final Roster roster;
  private final Sessions sessions;
  private State state = State.EMPTY;
  private int generation;
  private String protocol = "";
  private long barrier;

  enum State {
    EMPTY("Empty"),
    PREPARING("PreparingRebalance"),
    COMPLETING("CompletingRebalance"),
    STABLE("Stable");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /// As Kafka calls it.
    String text() {
      return text;
    }
  }

  Rebalance(Scheduler scheduler, Roster roster) {
    this.scheduler = scheduler;
    this.roster = roster;
    this.sessions = new Sessions(scheduler, roster, this::expired);
  }

  State state() {
    return state;
  }

  int generation() {
    return generation;
  }

  /// Whether the members still agree on the protocol of this generation, and it is complete.
  boolean mayGoOn() {
    return state == State.STABLE && roster.commonProtocol().equals(protocol);
  }

  // the barrier

  /// A member has come to the barrier, where a rebalance begins if none is under way.
  ///
  /// @param respond told once all are there, or their time is over
  void await(GroupMember member, Consumer<Reply.Joined> respond) {
    // who asks again does so over another connection: the first asker is gone
    boolean isFirst = member.joining == null;
    member.joining = respond;
    if (isFirst && state != State.PREPARING) {
      prepare();
    }
    passBarrier(false);
  }

  private void prepare() {
    if (state == State.COMPLETING) {
      for (GroupMember member : roster.members()) {
        answer(member, refusal(Errors.REBALANCE_IN_PROGRESS));
        member.assignment = null;
      }
    }
    state = State.PREPARING;
    long number = ++barrier;
    scheduler.after(
        scheduler.world(),
        roster.rebalanceNanos(),
        () -> {
          if (state == State.PREPARING && barrier == number) {
            passBarrier(true);
          }
        });
    note("rebalance");
  }

  /// @param timeIsOver whether those that are missing are left behind
  private void passBarrier(boolean timeIsOver) {
    if (state != State.PREPARING) {
      return;
    }
    List<GroupMember> missing =
        roster.members().stream().filter(member -> member.joining == null).toList();
    if (!missing.isEmpty() && !timeIsOver) {
      return;
    }
    for (GroupMember member : missing) {
      if (!member.isStatic()) {
        remove(member);
      }
    }
    GroupMember first =
        roster.members().stream().filter(member -> member.joining != null).findFirst().orElse(null);
    if (first != null) {
      begin(first);
    } else if (roster.isEmpty()) {
      generation++;
      state = State.EMPTY;
      roster.lead(null);
      note("empty");
    } else {
      // nobody is there who could lead: the static members are waited for once more
      state = State.STABLE;
      prepare();
    }
  }

  /// The next generation, of those that are there.
  ///
  /// @param first leads, if the leader is not there
  private void begin(GroupMember first) {
    generation++;
    String leader = roster.leader();
    GroupMember leading = leader == null ? null : roster.find(leader);
    if (leading == null || leading.joining == null) {
      roster.lead(first);
    }
    protocol = roster.commonProtocol();
    state = State.COMPLETING;
    note("generation");
    for (GroupMember member : List.copyOf(roster.members())) {
      Consumer<Reply.Joined> respond = member.joining;
      member.joining = null;
      if (respond != null) {
        welcome(member, respond);
      }
    }
    expireSync();
  }

  /// Members that joined and do not fetch their assignment hold up the others for no longer than a
  /// rebalance may take.
  private void expireSync() {
    int current = generation;
    scheduler.after(
        scheduler.world(),
        roster.rebalanceNanos(),
        () -> {
          if (state == State.COMPLETING && generation == current) {
            roster.members().stream()
                .filter(member -> member.syncing == null)
                .toList()
                .forEach(this::remove);
            shareAgain();
          }
        });
  }

  /// Tells a member of the generation that it is in.
  void welcome(GroupMember member, Consumer<Reply.Joined> respond) {
    respond.accept(joined(member));
    sessions.renew(member);
  }

  private Reply.Joined joined(GroupMember member) {
    Map<String, byte[]> subscriptions = new LinkedHashMap<>();
    Map<String, String> statics = new LinkedHashMap<>();
    if (roster.isLeader(member) && state == State.COMPLETING) {
      for (GroupMember other : roster.members()) {
        subscriptions.put(other.id, other.subscription(protocol));
        if (other.instance != null) {
          statics.put(other.id, other.instance);
        }
      }
    }
    return new Reply.Joined(
        Errors.NONE,
        generation,
        protocol,
        String.valueOf(roster.leader()),
        member.id,
        subscriptions,
        statics);
  }

  // the assignment

  /// A member asks for its assignment; the leader brings everybody's.
  ///
  /// @param respond told at once if the generation is complete or over, else once the leader comes
  void sync(GroupMember member, Map<String, byte[]> assignments, Consumer<Reply.Synced> respond) {
    switch (state) {
      case EMPTY -> respond.accept(refusal(Errors.UNKNOWN_MEMBER_ID));
      case PREPARING -> respond.accept(refusal(Errors.REBALANCE_IN_PROGRESS));
      case STABLE -> respond.accept(assignmentOf(member));
      case COMPLETING -> {
        member.syncing = respond;
        if (roster.isLeader(member)) {
          complete(assignments);
        }
      }
    }
  }

  private void complete(Map<String, byte[]> assignments) {
    roster
        .members()
        .forEach(
            member -> member.assignment = assignments.getOrDefault(member.id, GroupMember.NOTHING));
    state = State.STABLE;
    note("stable");
    roster.members().forEach(member -> answer(member, assignmentOf(member)));
  }

  private Reply.Synced assignmentOf(GroupMember member) {
    byte[] assignment = member.assignment;
    return new Reply.Synced(
        Errors.NONE, protocol, assignment == null ? GroupMember.NOTHING : assignment);
  }

  static Reply.Synced refusal(Errors error) {
    return new Reply.Synced(error, "", GroupMember.NOTHING);
  }

  private void answer(GroupMember member, Reply.Synced reply) {
    Consumer<Reply.Synced> respond = member.syncing;
    member.syncing = null;
    if (respond != null) {
      respond.accept(reply);
      sessions.renew(member);
    }
  }

  // who comes and goes

  /// A member has shown that it lives.
  void renew(GroupMember member) {
    sessions.renew(member);
  }

  private void expired(GroupMember member) {
    note("expired");
    remove(member);
    shareAgain();
  }

  /// A member goes. The others share what it had only with [#shareAgain].
  void remove(GroupMember member) {
    roster.remove(member);
    member.dismiss(Errors.UNKNOWN_MEMBER_ID);
    note("removed");
  }

  /// Somebody has gone: the others share what he had.
  void shareAgain() {
    switch (state) {
      case COMPLETING, STABLE -> {
        prepare();
        passBarrier(false);
      }
      case PREPARING -> passBarrier(false);
      case EMPTY -> {
        // nobody is there
      }
    }
  }

  private void note(String what) {
    scheduler.note(scheduler.world(), "group " + what, generation, roster.size());
  }
}
