package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Where standbys go: never beside their active, each on another worker, over as many racks as can
/// be, evenly.
///
/// A local search that begins with what is there: (1) standbys that may stay do; (2) missing ones
/// go to another rack first, then to a disk that is warm, then to whoever has the fewest; (3)
/// single standbys move while that puts a task on more racks, or makes the numbers more even and
/// costs no rack. Each move of (3) raises one of two bounded sums, so it ends; and where it ended,
/// the next round finds nothing to do: an unchanged group changes nothing. A standby that moves
/// leaves its copy behind on disk, which still counts as warm if the owner falls before the new one
/// has caught up.
final class StandbyPlacement {

  private final List<GroupMember> members;
  private final Warmth warmth;
  private final AssignSettings settings;
  private final Map<TaskId, Integer> actives;
  private final Map<TaskId, NavigableSet<Integer>> standbys = new TreeMap<>();
  private final int[] load;

  private StandbyPlacement(
      Map<TaskId, Integer> actives,
      List<GroupMember> members,
      Warmth warmth,
      AssignSettings settings) {
    this.members = members;
    this.warmth = warmth;
    this.settings = settings;
    this.actives = actives;
    this.load = new int[members.size()];
  }

  /// Task -> indices of the members that stand by for it.
  ///
  /// @param actives tasks with tables, and who runs them
  static Map<TaskId, NavigableSet<Integer>> of(
      Map<TaskId, Integer> actives,
      List<GroupMember> members,
      Warmth warmth,
      AssignSettings settings) {
    StandbyPlacement placement = new StandbyPlacement(actives, members, warmth, settings);
    if (settings.standbys() > 0) {
      actives.keySet().forEach(placement::keep);
      actives.keySet().forEach(placement::fill);
      while (placement.spread() || placement.even()) {
        // each pass is a move
      }
    }
    return placement.standbys;
  }

  private NavigableSet<Integer> of(TaskId task) {
    return standbys.computeIfAbsent(task, _ -> new TreeSet<>());
  }

  private void keep(TaskId task) {
    IntStream.range(0, members.size())
        .filter(m -> members.get(m).standbys().contains(task))
        .boxed()
        .sorted(Comparator.comparingLong(m -> warmth.lag(members.get(m), task)))
        .forEach(m -> {
          if (of(task).size() < settings.standbys() && mayTake(m, task)) {
            put(m, task);
          }
        });
  }

  private void fill(TaskId task) {
    while (of(task).size() < settings.standbys()) {
      List<Integer> candidates =
          IntStream.range(0, members.size()).filter(m -> mayTake(m, task)).boxed().toList();
      if (candidates.isEmpty()) {
        return;
      }
      Set<String> racks = racks(task, -1);
      put(
          candidates.stream()
              .min(
                  Comparator.<Integer, Boolean>comparing(m -> racks.contains(members.get(m).rack()))
                      .thenComparing(m -> !isWarm(m, task))
                      .thenComparingInt(m -> load[m])
                      .thenComparingLong(m -> warmth.lag(members.get(m), task))
                      .thenComparing(m -> m))
              .orElseThrow(),
          task);
    }
  }

  /// Moves one standby so that its task is on more racks.
  private boolean spread() {
    for (TaskId task : standbys.keySet()) {
      for (int from : List.copyOf(of(task))) {
        Set<String> others = racks(task, from);
        if (!others.contains(members.get(from).rack())) {
          continue;
        }
        for (int to = 0; to < members.size(); to++) {
          if (mayReplace(from, to, task) && !others.contains(members.get(to).rack())) {
            move(from, to, task);
            return true;
          }
        }
      }
    }
    return false;
  }

  private record Move(int from, int to, TaskId task, long lag) {
    static final Comparator<Move> BEST_FIRST =
        Comparator.comparingLong(Move::lag)
            .thenComparing(Move::task)
            .thenComparingInt(Move::from)
            .thenComparingInt(Move::to);
  }

  /// Moves one standby from a member to one that has at least two fewer.
  private boolean even() {
    List<Move> moves = new ArrayList<>();
    standbys.forEach((task, holders) -> {
      for (int from : holders) {
        Set<String> others = racks(task, from);
        boolean spreads = !others.contains(members.get(from).rack());
        for (int to = 0; to < members.size(); to++) {
          if (load[from] - load[to] >= 2
              && mayReplace(from, to, task)
              && !(spreads && others.contains(members.get(to).rack()))) {
            moves.add(new Move(from, to, task, warmth.lag(members.get(to), task)));
          }
        }
      }
    });
    moves.stream().min(Move.BEST_FIRST).ifPresent(best -> move(best.from, best.to, best.task));
    return !moves.isEmpty();
  }

  private boolean mayTake(int m, TaskId task) {
    return members.get(m).standsBy() && !workers(task, -1).contains(members.get(m).worker());
  }

  private boolean mayReplace(int from, int to, TaskId task) {
    return members.get(to).standsBy()
        && !workers(task, from).contains(members.get(to).worker())
        && from != to;
  }

  private Set<String> workers(TaskId task, int except) {
    return holders(task, except).map(GroupMember::worker).collect(Collectors.toSet());
  }

  private Set<String> racks(TaskId task, int except) {
    return holders(task, except).map(GroupMember::rack).collect(Collectors.toSet());
  }

  private Stream<GroupMember> holders(TaskId task, int except) {
    return Stream.concat(Stream.ofNullable(actives.get(task)), of(task).stream())
        .filter(m -> m != except)
        .map(members::get);
  }

  private boolean isWarm(int m, TaskId task) {
    return warmth.lag(members.get(m), task) <= settings.acceptableLagRecords();
  }

  private void put(int m, TaskId task) {
    of(task).add(m);
    load[m]++;
  }

  private void move(int from, int to, TaskId task) {
    of(task).remove(from);
    load[from]--;
    put(to, task);
  }
}
