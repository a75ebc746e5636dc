package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who says that a task is its own, and who may be believed.
///
/// Under the cooperative protocol a task that changes hands is first taken away, and given in the
/// next round, when its old owner has drained it, committed and joined again without it. So **a
/// task is given only to a member that has it already, or if nobody says that he has it**
/// ([#mayHave]). A member that was away while the task went to another still says that it has it:
/// the claim of the newest generation counts ([#owner]); where two claims are equally new, neither
/// does. Who is not believed must give the task up all the same, before anybody gets it.
final class Claims {

  private final Map<TaskId, Map<String, Integer>> claims = new TreeMap<>();

  /// @param generation that the member was in when it claimed
  void claim(String member, TaskId task, int generation) {
    claims.computeIfAbsent(task, _ -> new TreeMap<>()).merge(member, generation, Math::max);
  }

  /// The member whose claim counts.
  Optional<String> owner(TaskId task) {
    Map<String, Integer> claimants = claims.getOrDefault(task, Map.of());
    int newest = claimants.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    TreeSet<String> believed = new TreeSet<>();
    claimants.forEach((member, generation) -> {
      if (generation == newest) {
        believed.add(member);
      }
    });
    return believed.size() == 1 ? Optional.of(believed.getFirst()) : Optional.empty();
  }

  /// Tasks that a member owns.
  NavigableSet<TaskId> owned(String member) {
    TreeSet<TaskId> owned = new TreeSet<>();
    claims.keySet().stream()
        .filter(task -> owner(task).filter(member::equals).isPresent())
        .forEach(owned::add);
    return owned;
  }

  /// Whether a member may be given a task in this round.
  boolean mayHave(String member, TaskId task) {
    return !claims.containsKey(task) || owner(task).filter(member::equals).isPresent();
  }
}
