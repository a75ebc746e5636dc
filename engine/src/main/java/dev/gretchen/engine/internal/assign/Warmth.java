package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How far each member's disk is behind in a task's changelogs.
///
/// Measured against the most caught-up disk of the group, not against the brokers' log ends: the
/// leader then needs to ask nobody while all wait for it. An owner's disk is at the end of the
/// changelog but for its last commits; where the owner is gone, what the log has beyond the best
/// disk must be read by whoever gets the task, and so decides nothing.
final class Warmth {

  private final Map<TaskId, Long> best = new TreeMap<>();

  Warmth(List<GroupMember> members) {
    for (GroupMember member : members) {
      member.positions().forEach((task, position) -> best.merge(task, position, Math::max));
    }
  }

  /// Changelog records, at most, that a member's disk lacks of a task.
  long lag(GroupMember member, TaskId task) {
    return best.getOrDefault(task, 0L) - member.positions().getOrDefault(task, 0L);
  }
}
