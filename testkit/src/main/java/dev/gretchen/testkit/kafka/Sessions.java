package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.Scheduler;
import java.util.function.Consumer;

/// The sessions of a group's members: who has not shown that it lives for the length of its session
/// has gone. Who waits for the coordinator is not late.
final class Sessions {

  private final Scheduler scheduler;
  private final Roster roster;
  private final Consumer<GroupMember> expired;

  /// @param expired told of each member whose session is over
  Sessions(Scheduler scheduler, Roster roster, Consumer<GroupMember> expired) {
    this.scheduler = scheduler;
    this.roster = roster;
    this.expired = expired;
  }

  /// A member lives: its session begins anew.
  void renew(GroupMember member) {
    long number = ++member.session;
    scheduler.after(
        scheduler.world(), member.sessionMillis() * 1_000_000L, () -> expire(member, number));
  }

  private void expire(GroupMember member, long number) {
    if (member.session != number || !roster.holds(member)) {
      return;
    }
    if (member.isWaiting()) {
      renew(member);
    } else {
      expired.accept(member);
    }
  }
}
