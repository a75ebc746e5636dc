package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A member of the group as the assignor sees it.
///
/// @param id given by the group's coordinator
/// @param worker the slot, which is stable, unlike the id
/// @param rack where it stands, or an empty string
/// @param standsBy whether it can be given standbys: whoever reports nothing cannot
/// @param owned tasks that are its own now; no two members own one
/// @param standbys tasks for which it stands by now
/// @param warmUps tasks that it warms up for now
/// @param caughtUp those of both for which it has read all that there was, and reads along now
/// @param positions per task, the sum of the changelog positions that its disk stands at
public record GroupMember(
    String id,
    String worker,
    String incarnation,
    String rack,
    boolean standsBy,
    NavigableSet<TaskId> owned,
    NavigableSet<TaskId> standbys,
    NavigableSet<TaskId> warmUps,
    NavigableSet<TaskId> caughtUp,
    NavigableMap<TaskId, Long> positions) {

  /// An order that is the same in each process and, worker by worker, in each generation.
  static final Comparator<GroupMember> BY_NAME =
      Comparator.comparing(GroupMember::worker)
          .thenComparing(GroupMember::incarnation)
          .thenComparing(GroupMember::id);

  public GroupMember {
    owned = sorted(owned);
    standbys = sorted(standbys);
    warmUps = sorted(warmUps);
    caughtUp = sorted(caughtUp);
    positions = Collections.unmodifiableNavigableMap(new TreeMap<>(positions));
  }

  /// One that has nothing yet.
  public static GroupMember fresh(String id, String worker, String rack) {
    return new GroupMember(
        id,
        worker,
        "",
        rack,
        true,
        none(),
        none(),
        none(),
        none(),
        Collections.emptyNavigableMap());
  }

  /// The same with other roles and another disk.
  public GroupMember with(
      Set<TaskId> owns,
      Set<TaskId> standsByFor,
      Set<TaskId> warmsUp,
      Set<TaskId> readsAlong,
      Map<TaskId, Long> disk) {
    return new GroupMember(
        id,
        worker,
        incarnation,
        rack,
        standsBy,
        new TreeSet<>(owns),
        new TreeSet<>(standsByFor),
        new TreeSet<>(warmsUp),
        new TreeSet<>(readsAlong),
        new TreeMap<>(disk));
  }

  private static NavigableSet<TaskId> none() {
    return Collections.emptyNavigableSet();
  }

  private static NavigableSet<TaskId> sorted(NavigableSet<TaskId> tasks) {
    return Collections.unmodifiableNavigableSet(new TreeSet<>(tasks));
  }
}
