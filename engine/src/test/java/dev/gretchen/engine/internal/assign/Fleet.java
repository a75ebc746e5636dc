package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A group in a test: members that come, go, do what they are told, and catch up, or do not.
final class Fleet {

  private final Random random;
  private final List<TaskGroup> groups = new ArrayList<>();
  private final Map<String, GroupMember> members = new LinkedHashMap<>();
  private final Map<TaskId, Long> ends = new TreeMap<>();
  private final AssignSettings settings;
  private final int racks;
  private int born;

  /// @param groupsMax at most so many groups of tasks
  /// @param acceptableLag records
  Fleet(long seed, int groupsMax, long acceptableLag) {
    random = new Random(seed);
    int count = 1 + random.nextInt(groupsMax);
    for (int g = 0; g < count; g++) {
      groups.add(new TaskGroup("topic-" + g, 1 + random.nextInt(7), random.nextInt(4) > 0));
    }
    settings = new AssignSettings(random.nextInt(3), acceptableLag, 1 + random.nextInt(3));
    racks = 1 + random.nextInt(3);
    tasks(true).forEach(task -> ends.put(task, (long) random.nextInt(2_000)));
    int size = 1 + random.nextInt(5);
    for (int m = 0; m < size; m++) {
      join();
    }
  }

  Random random() {
    return random;
  }

  List<TaskGroup> groups() {
    return groups;
  }

  List<GroupMember> members() {
    return List.copyOf(members.values());
  }

  GroupMember member(String id) {
    return java.util.Objects.requireNonNull(members.get(id));
  }

  AssignSettings settings() {
    return settings;
  }

  long lag(String member, TaskId task) {
    long best =
        members.values().stream()
            .mapToLong(m -> m.positions().getOrDefault(task, 0L))
            .max()
            .orElse(0);
    return best - member(member).positions().getOrDefault(task, 0L);
  }

  /// All tasks, or those with tables.
  Set<TaskId> tasks(boolean all) {
    return groups.stream()
        .filter(group -> all || group.hasTables())
        .flatMap(group -> Target.tasks(group).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Somebody new, perhaps with an old disk.
  String join() {
    String id = "m" + born + "-" + random.nextInt(1_000);
    String rack = "r" + random.nextInt(racks);
    Map<TaskId, Long> disk = new HashMap<>();
    if (random.nextBoolean()) {
      for (TaskId task : tasks(false)) {
        if (random.nextInt(3) == 0) {
          disk.put(task, (long) random.nextInt((int) (ends.getOrDefault(task, 0L) + 1)));
        }
      }
    }
    members.put(
        id,
        GroupMember.fresh(id, "w" + born++, rack)
            .with(Set.of(), Set.of(), Set.of(), Set.of(), disk));
    return id;
  }

  GroupMember leave() {
    List<String> ids = List.copyOf(members.keySet());
    return java.util.Objects.requireNonNull(members.remove(ids.get(random.nextInt(ids.size()))));
  }

  /// What the assignor says, asked in another order each time.
  Map<String, Share> assign() {
    return share(true).byMember();
  }

  /// The same, where tasks may move for evenness or not.
  Shares share(boolean mayEvenOut) {
    List<GroupMember> shuffled = new ArrayList<>(members.values());
    Collections.shuffle(shuffled, random);
    List<TaskGroup> others = new ArrayList<>(groups);
    Collections.shuffle(others, random);
    return TaskAssignor.assign(others, shuffled, settings, mayEvenOut);
  }

  /// Members do what they are told; owners' disks are up to date at once.
  void carryOut(Map<String, Share> shares) {
    shares.forEach((id, share) -> {
      Map<TaskId, Long> disk = new TreeMap<>(member(id).positions());
      share
          .actives()
          .forEach(task -> {
            if (ends.containsKey(task) && tasks(false).contains(task)) {
              disk.put(task, ends.getOrDefault(task, 0L));
            }
          });
      Set<TaskId> caughtUp = new TreeSet<>(member(id).caughtUp());
      caughtUp.removeIf(
          task -> !share.standbys().contains(task) && !share.warmUps().contains(task));
      members.put(
          id, member(id).with(share.actives(), share.standbys(), share.warmUps(), caughtUp, disk));
    });
  }

  /// Owners write; who reads along stays close behind them.
  void write() {
    for (TaskId task : tasks(false)) {
      if (members.values().stream().noneMatch(member -> member.owned().contains(task))) {
        continue;
      }
      long end = ends.getOrDefault(task, 0L) + random.nextInt(400);
      ends.put(task, end);
      members.replaceAll((_, member) -> {
        Map<TaskId, Long> disk = new TreeMap<>(member.positions());
        if (member.owned().contains(task)) {
          disk.put(task, end);
        } else if (member.caughtUp().contains(task)) {
          disk.merge(task, end - random.nextInt(20), Math::max);
        }
        return member.with(
            member.owned(), member.standbys(), member.warmUps(), member.caughtUp(), disk);
      });
    }
  }

  /// Standbys and warm-ups get to the end, or some way on.
  void catchUp(boolean wholly) {
    members.replaceAll((_, member) -> {
      Map<TaskId, Long> disk = new TreeMap<>(member.positions());
      Set<TaskId> copies = new TreeSet<>(member.standbys());
      copies.addAll(member.warmUps());
      for (TaskId task : copies) {
        long end = ends.getOrDefault(task, 0L);
        long at = disk.getOrDefault(task, 0L);
        disk.put(task, wholly ? end : at + random.nextInt((int) (end - at + 1)));
      }
      copies.removeIf(task -> disk.getOrDefault(task, 0L) < ends.getOrDefault(task, 0L));
      return member.with(member.owned(), member.standbys(), member.warmUps(), copies, disk);
    });
  }

  /// Assigns and catches up until nothing changes.
  Map<String, Share> settle() {
    for (int round = 0; round < 100; round++) {
      Map<String, Share> shares = assign();
      if (isAsItWas(shares)
          && shares.values().stream().allMatch(share -> share.warmUps().isEmpty())) {
        return shares;
      }
      carryOut(shares);
      catchUp(true);
    }
    throw new AssertionError("a hundred rounds, and still no rest");
  }

  boolean isAsItWas(Map<String, Share> shares) {
    return members.values().stream()
        .allMatch(member -> {
          Share share = java.util.Objects.requireNonNull(shares.get(member.id()));
          return share.actives().equals(member.owned())
              && share.standbys().equals(member.standbys())
              && share.warmUps().equals(member.warmUps());
        });
  }

  /// Who runs each task.
  static Map<TaskId, String> actives(Map<String, Share> shares) {
    Map<TaskId, String> actives = new TreeMap<>();
    shares.forEach((id, share) ->
        share
            .actives()
            .forEach(task -> {
              String other = actives.put(task, id);
              if (other != null) {
                throw new AssertionError(task + " is active on " + other + " and " + id);
              }
            }));
    return actives;
  }
}
