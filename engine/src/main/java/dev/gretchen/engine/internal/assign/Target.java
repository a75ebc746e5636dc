package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Where each task belongs once everything is warm: even in each group and in total, and reached
/// with the fewest moves that evenness needs.
///
/// First how many, then which. [ExtraSlots] decides how many tasks of each group a member gets; an
/// extra is worth most to one that would otherwise have to give a task up, then to one that warms
/// up already, then to one whose disk is the best for a task without an owner. Then members with
/// too many give up, and those with too few take, pair by pair, the warmest pair first.
final class Target {

  private static final long KEEPS_A_TASK = 1L << 20;
  private static final long WARMS_UP = 1L << 10;
  private static final long HAS_THE_BEST_DISK = 1;

  private final List<GroupMember> members;
  private final Warmth warmth;
  private final Map<TaskId, Integer> owners = new TreeMap<>();
  private final Map<TaskId, Integer> target = new TreeMap<>();

  private record Pair(TaskId task, int member, boolean warmsUp, long lag, boolean standsBy) {

    static final Comparator<Pair> WARMEST_FIRST =
        Comparator.comparing(Pair::warmsUp)
            .reversed()
            .thenComparingLong(Pair::lag)
            .thenComparing(Comparator.comparing(Pair::standsBy).reversed())
            .thenComparing(Pair::task)
            .thenComparingInt(Pair::member);
  }

  private Target(List<GroupMember> members, Warmth warmth) {
    this.members = members;
    this.warmth = warmth;
    for (int i = 0; i < members.size(); i++) {
      for (TaskId task : members.get(i).owned()) {
        owners.put(task, i);
      }
    }
  }

  /// Task -> index of the member to which it belongs.
  ///
  /// @param groups in a fixed order, with partitions, each name once
  /// @param members at least one, in a fixed order
  static Map<TaskId, Integer> of(List<TaskGroup> groups, List<GroupMember> members, Warmth warmth) {
    return new Target(members, warmth).of(groups);
  }

  private Map<TaskId, Integer> of(List<TaskGroup> groups) {
    int n = members.size();
    int[] extras = new int[groups.size()];
    long[][] worth = new long[groups.size()][];
    for (int g = 0; g < groups.size(); g++) {
      extras[g] = groups.get(g).partitions() % n;
      worth[g] = worth(groups.get(g));
    }
    boolean[][] extra = ExtraSlots.choose(extras, worth, n);
    for (int g = 0; g < groups.size(); g++) {
      int[] slots = new int[n];
      for (int m = 0; m < n; m++) {
        slots[m] = groups.get(g).partitions() / n + (extra[g][m] ? 1 : 0);
      }
      shareOut(tasks(groups.get(g)), slots);
    }
    return target;
  }

  private long[] worth(TaskGroup group) {
    int even = group.partitions() / members.size();
    List<TaskId> tasks = tasks(group);
    long[] worth = new long[members.size()];
    for (int m = 0; m < worth.length; m++) {
      GroupMember member = members.get(m);
      int self = m;
      long kept = tasks.stream().filter(task -> owner(task) == self).count();
      long best = tasks.stream().filter(task -> owner(task) < 0 && warmest(task) == self).count();
      if (kept > even) {
        worth[m] = KEEPS_A_TASK;
      } else if (tasks.stream().anyMatch(member.warmUps()::contains)) {
        worth[m] = WARMS_UP;
      } else if (group.hasTables() && kept + best > even) {
        worth[m] = HAS_THE_BEST_DISK;
      }
    }
    return worth;
  }

  private int owner(TaskId task) {
    return owners.getOrDefault(task, -1);
  }

  private int warmest(TaskId task) {
    int warmest = 0;
    for (int m = 1; m < members.size(); m++) {
      if (Pair.WARMEST_FIRST.compare(pair(task, m), pair(task, warmest)) < 0) {
        warmest = m;
      }
    }
    return warmest;
  }

  private Pair pair(TaskId task, int m) {
    GroupMember member = members.get(m);
    return new Pair(
        task,
        m,
        member.warmUps().contains(task),
        warmth.lag(member, task),
        member.standbys().contains(task));
  }

  private void shareOut(List<TaskId> tasks, int[] slots) {
    int[] held = new int[slots.length];
    for (TaskId task : tasks) {
      if (owner(task) >= 0) {
        held[owner(task)]++;
      }
    }
    List<Pair> pairs = new ArrayList<>();
    for (TaskId task : tasks) {
      int owner = owner(task);
      if (owner >= 0 && held[owner] <= slots[owner]) {
        target.put(task, owner);
        continue;
      }
      for (int m = 0; m < slots.length; m++) {
        if (held[m] < slots[m]) {
          pairs.add(pair(task, m));
        }
      }
    }
    pairs.sort(Pair.WARMEST_FIRST);
    Set<TaskId> placed = new TreeSet<>();
    for (Pair pair : pairs) {
      int owner = owner(pair.task());
      if (held[pair.member()] < slots[pair.member()]
          && (owner < 0 || held[owner] > slots[owner])
          && placed.add(pair.task())) {
        target.put(pair.task(), pair.member());
        held[pair.member()]++;
        if (owner >= 0) {
          held[owner]--;
        }
      }
    }
    // whoever need not give up more keeps the rest
    for (TaskId task : tasks) {
      target.putIfAbsent(task, owner(task));
    }
  }

  static List<TaskId> tasks(TaskGroup group) {
    List<TaskId> tasks = new ArrayList<>();
    for (int p = 0; p < group.partitions(); p++) {
      tasks.add(new TaskId(group.name(), p));
    }
    return tasks;
  }
}
