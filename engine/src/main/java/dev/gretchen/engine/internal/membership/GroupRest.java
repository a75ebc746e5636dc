package dev.gretchen.engine.internal.membership;

import dev.gretchen.engine.internal.surroundings.Surroundings;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;

/// For how long a group has consisted of the same processes.
///
/// **Why.** Tasks without an owner are shared out at once; that tasks are shared out evenly is not
/// urgent. A worker that is stopped to be started again is back in some seconds, and each task that
/// moved for evenness meanwhile would move back then: twice silent for nothing, and each rebalance
/// has everybody's commits wait for it. A worker that has just begun would do a task's work on cold
/// code besides. So tasks move for evenness alone once the group is at rest, and all in one round.
///
/// On the polling thread.
final class GroupRest {

  /// Longer than a worker takes to stop and start.
  static final Duration NEEDED = Duration.ofSeconds(5);

  private final Surroundings surroundings;
  private Set<String> processes = Set.of();
  private long since;

  GroupRest(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.since = surroundings.nanoTime();
  }

  /// The group consists of these.
  void seen(Collection<String> now) {
    Set<String> group = Set.copyOf(now);
    if (!group.equals(processes)) {
      processes = group;
      since = surroundings.nanoTime();
    }
  }

  boolean isReached() {
    return surroundings.nanoTime() - since >= NEEDED.toNanos();
  }
}
