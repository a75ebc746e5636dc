package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Shares a group's tasks out to its members, a pure function of what they report.
///
/// **What is promised.** Each task is active on exactly one member. Where everything is warm, the
/// numbers of active tasks differ by at most one between any two members, in each group of tasks
/// and in total. An unchanged group keeps all as it is; when a member has left, its tasks move, and
/// others only where evenness cannot be had otherwise; a new member gets its share by the fewest
/// moves.
///
/// **The algorithm** is that of Kafka Streams' `HighAvailabilityTaskAssignor` (KIP-441): decide
/// where each task belongs once everything is warm; leave a task with tables where its state is
/// until the disk of the member it belongs to has caught up; meanwhile have that member *warm up*,
/// and look again when it has.
///
/// 1. [Target] is where the tasks belong.
/// 2. A task moves to its target at once if it has no tables, or if the target can go on with it:
///    its copy has caught up and lacks no more than the acceptable lag, or no disk is ahead of its
///    own. Otherwise it stays with its owner; if that is gone, the most caught-up member takes it,
///    a standby before others. So a takeover reads no more than it must, and evenness, which is not
///    urgent, comes after it by a move that reads nothing. A disk that lacks little, such as that
///    of a worker which is back after a restart, is no reason to move at once: what it lacks would
///    be read while nobody does the task's work.
/// 3. [StandbyPlacement] puts standbys beside the actives of step 2.
/// 4. Whoever is a target and has to wait warms up. Of tasks for which it lacks more than the
///    acceptable lag, and does not stand by, it warms up a bounded number at a time, those that it
///    has begun with first; the others cost little, and move together.
///
/// **What differs from KIP-441.** Evenness holds in each group of tasks, not in their sum alone:
/// tasks of one topic cost the same, those of different topics do not. The fewest moves are found
/// as a flow, not by a heuristic. Lag is measured against the best disk ([Warmth]), so the leader
/// asks no broker while the group waits for it. Warm-ups are bounded for each receiving member, not
/// for the group. Whoever has warmed up asks for the rebalance itself: nobody looks in vain every
/// ten minutes. And what a member that is gone has held is not remembered: its disk tells when it
/// is back.
///
/// **Not at any time.** Where the caller says that tasks may not move for evenness now, a task that
/// has an owner stays with it, and is only warmed up for; those without one are shared out as ever.
///
/// Deterministic: every iteration is in the order of names, so that the same reports give the same
/// placement in each process.
public final class TaskAssignor {

  private final List<TaskGroup> groups;
  private final List<GroupMember> members;
  private final AssignSettings settings;
  private final boolean mayEvenOut;
  private final Warmth warmth;
  private final Map<TaskId, Integer> owners = new TreeMap<>();
  private boolean isHeldBack;

  private TaskAssignor(
      List<TaskGroup> groups,
      List<GroupMember> members,
      AssignSettings settings,
      boolean mayEvenOut) {
    this.mayEvenOut = mayEvenOut;
    this.groups = groups.stream().sorted(Comparator.comparing(TaskGroup::name)).toList();
    this.members = members.stream().sorted(GroupMember.BY_NAME).toList();
    this.settings = settings;
    this.warmth = new Warmth(members);
    for (int m = 0; m < this.members.size(); m++) {
      for (TaskId task : this.members.get(m).owned()) {
        owners.put(task, m);
      }
    }
  }

  /// Shares out.
  ///
  /// @param groups each name once
  /// @param members in any order; no two own the same task
  /// @param mayEvenOut whether tasks that have an owner may move for evenness now
  public static Shares assign(
      List<TaskGroup> groups,
      List<GroupMember> members,
      AssignSettings settings,
      boolean mayEvenOut) {
    return members.isEmpty()
        ? new Shares(new LinkedHashMap<>(), false)
        : new TaskAssignor(groups, members, settings, mayEvenOut).assign();
  }

  private Shares assign() {
    Map<TaskId, Integer> target = Target.of(groups, members, warmth);
    Map<TaskId, Integer> active = new TreeMap<>();
    Map<TaskId, Integer> withTables = new TreeMap<>();
    for (TaskGroup group : groups) {
      for (TaskId task : Target.tasks(group)) {
        int belongs = target.getOrDefault(task, 0);
        int runs = now(task, group.hasTables() ? whereItsStateIs(task, belongs) : belongs);
        active.put(task, runs);
        if (group.hasTables()) {
          withTables.put(task, runs);
        }
      }
    }
    Map<TaskId, NavigableSet<Integer>> standbys =
        StandbyPlacement.of(withTables, members, warmth, settings);
    return new Shares(shares(active, standbys, warmUps(withTables, target, standbys)), isHeldBack);
  }

  /// Where a task runs now that could move.
  private int now(TaskId task, int moved) {
    Integer owner = owners.get(task);
    if (owner == null || owner == moved || mayEvenOut) {
      return moved;
    }
    isHeldBack = true;
    return owner;
  }

  private int whereItsStateIs(TaskId task, int belongs) {
    if (canGoOn(belongs, task)) {
      return belongs;
    }
    Integer owner = owners.get(task);
    if (owner != null) {
      return owner;
    }
    Comparator<Integer> order =
        Comparator.<Integer>comparingLong(m -> warmth.lag(members.get(m), task))
            .thenComparing(m -> !members.get(m).standbys().contains(task))
            .thenComparing(m -> m != belongs)
            .thenComparingInt(m -> m);
    return indices().stream().min(order).orElse(belongs);
  }

  /// Whether a member could go on with a task at once, with next to nothing to read first.
  private boolean canGoOn(int m, TaskId task) {
    GroupMember member = members.get(m);
    long lag = warmth.lag(member, task);
    return lag == 0 || (member.caughtUp().contains(task) && lag <= settings.acceptableLagRecords());
  }

  private List<Integer> indices() {
    List<Integer> indices = new ArrayList<>();
    for (int m = 0; m < members.size(); m++) {
      indices.add(m);
    }
    return indices;
  }

  private record Waiting(TaskId task, int target, boolean standsBy, boolean goesOn, long lag) {
    static final Comparator<Waiting> NEARLY_WARM_FIRST =
        Comparator.comparing(Waiting::goesOn)
            .reversed()
            .thenComparingLong(Waiting::lag)
            .thenComparing(Waiting::task);
  }

  /// For each member the tasks that it warms up for.
  private List<NavigableSet<TaskId>> warmUps(
      Map<TaskId, Integer> active,
      Map<TaskId, Integer> target,
      Map<TaskId, NavigableSet<Integer>> standbys) {
    List<NavigableSet<TaskId>> warmUps = new ArrayList<>();
    members.forEach(_ -> warmUps.add(new TreeSet<>()));
    List<Waiting> waiting = new ArrayList<>();
    active.forEach((task, runs) -> {
      int belongs = target.getOrDefault(task, 0);
      GroupMember member = members.get(belongs);
      if (runs != belongs && member.standsBy()) {
        boolean standsBy = standbys.getOrDefault(task, new TreeSet<>()).contains(belongs);
        boolean goesOn = member.warmUps().contains(task);
        waiting.add(new Waiting(task, belongs, standsBy, goesOn, warmth.lag(member, task)));
      }
    });
    waiting.sort(Waiting.NEARLY_WARM_FIRST);
    int[] loads = new int[members.size()];
    for (Waiting one : waiting) {
      boolean isNear = one.standsBy || one.lag <= settings.acceptableLagRecords();
      if (isNear || loads[one.target]++ < settings.warmUpsMax()) {
        warmUps.get(one.target).add(one.task);
      }
    }
    return warmUps;
  }

  private SequencedMap<String, Share> shares(
      Map<TaskId, Integer> active,
      Map<TaskId, NavigableSet<Integer>> standbys,
      List<NavigableSet<TaskId>> warmUps) {
    SequencedMap<String, Share> shares = new LinkedHashMap<>();
    for (int m : indices()) {
      TreeSet<TaskId> runs = new TreeSet<>();
      active.forEach((task, by) -> {
        if (by == m) {
          runs.add(task);
        }
      });
      TreeSet<TaskId> copies = new TreeSet<>();
      standbys.forEach((task, by) -> {
        if (by.contains(m)) {
          copies.add(task);
        }
      });
      shares.put(members.get(m).id(), new Share(runs, copies, warmUps.get(m)));
    }
    return shares;
  }
}
