package dev.gretchen.engine.internal.assign;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// A rolling restart of three workers, seen by the assignor: six tasks, a standby each.
class TaskAssignorTest {

  private static final long END = 5_000;
  private static final AssignSettings SETTINGS = AssignSettings.of(1, 10_000);
  private static final List<TaskGroup> GROUP = List.of(new TaskGroup("in", 6, true));

  private final List<GroupMember> members = new ArrayList<>();

  @Test
  void aTaskWithoutAnOwnerGoesToItsStandbyThoughTheOtherHasFewer() {
    // c has left with 4 and 5: both have their standby on a, and b an old copy of them
    member("a", owns(0, 1), standsBy(2, 4, 5), disk(0, END, 1, END, 2, END, 4, END, 5, END));
    member("b", owns(2, 3), standsBy(0, 1), disk(0, END, 1, END, 2, END, 3, END, 5, END - 900));

    Map<String, Share> shares = assign();

    assertThat(share(shares, "a").actives()).isEqualTo(tasks(0, 1, 4, 5));
    assertThat(share(shares, "b").actives()).isEqualTo(tasks(2, 3));
    assertThat(share(shares, "b").warmUps()).as("evenness comes later").hasSize(1);
  }

  @Test
  void evennessComesBackOnceTheOtherHasCaughtUp() {
    member("a", owns(0, 1, 4, 5), standsBy(2, 3), disk(0, END, 1, END, 4, END, 5, END));
    warmingUp("b", owns(2, 3), Set.of(), disk(2, END, 3, END, 5, END - 3));
    assertThat(share(assign(), "a").actives()).as("it still reads").isEqualTo(tasks(0, 1, 4, 5));

    members.removeLast();
    warmingUp("b", owns(2, 3), tasks(5), disk(2, END, 3, END, 5, END - 3));

    assertThat(share(assign(), "a").actives()).isEqualTo(tasks(0, 1, 4));
    assertThat(share(assign(), "b").actives()).isEqualTo(tasks(2, 3, 5));
  }

  @Test
  void whoIsBackFromARestartReadsWhatItHasMissedBeforeItGetsItsTasksAgain() {
    member("a", owns(0, 1, 4), standsBy(2, 3, 5), disk(0, END, 1, END, 4, END, 2, END, 3, END));
    member("b", owns(2, 3, 5), standsBy(0, 1, 4), disk(2, END, 3, END, 5, END, 0, END, 1, END));
    members.add(fresh("c", disk(4, END - 700, 5, END - 600, 0, END - 900)));

    Map<String, Share> shares = assign();

    assertThat(share(shares, "c").actives()).isEmpty();
    assertThat(share(shares, "c").warmUps()).isEqualTo(tasks(4, 5));
  }

  @Test
  void whoeverLacksNothingGetsItsTasksAtOnce() {
    member("a", owns(0, 1, 4), standsBy(2, 3, 5), disk(0, END, 1, END, 4, END, 2, END, 3, END));
    member("b", owns(2, 3, 5), standsBy(0, 1, 4), disk(2, END, 3, END, 5, END, 0, END, 1, END));
    members.add(fresh("c", disk(4, END, 5, END)));

    assertThat(share(assign(), "c").actives()).isEqualTo(tasks(4, 5));
  }

  @Test
  void whatLacksLittleWarmsUpTogetherAndTheRestAFewAtATime() {
    Map<TaskId, Long> all = disk(0, END, 1, END, 2, END, 3, END, 4, END, 5, END);
    member("a", owns(0, 1, 2, 3, 4, 5), standsBy(), all);
    members.add(fresh("c", disk(0, END - 10, 1, END - 10, 2, END - 10)));

    assertThat(warmUpsOfC(10)).as("near").hasSize(3);
    assertThat(warmUpsOfC(9)).as("far").hasSize(2);
  }

  @Test
  void tasksWithAnOwnerStayUntilItIsTimeForEvenness() {
    member("a", owns(0, 1, 4), standsBy(2, 3, 5), disk(0, END, 1, END, 4, END, 2, END, 3, END));
    member("b", owns(2, 3), standsBy(0, 1, 4), disk(2, END, 3, END, 5, END - 9, 0, END, 1, END));
    members.add(fresh("c", disk(4, END, 5, END)));

    Shares held = TaskAssignor.assign(GROUP, members, SETTINGS, false);

    assertThat(share(held.byMember(), "a").actives()).isEqualTo(tasks(0, 1, 4));
    assertThat(share(held.byMember(), "b").actives()).isEqualTo(tasks(2, 3));
    assertThat(share(held.byMember(), "c").actives()).as("nobody had it").isEqualTo(tasks(5));
    assertThat(share(held.byMember(), "c").warmUps()).as("stays warm for").isEqualTo(tasks(4));
    assertThat(held.isHeldBack()).isTrue();
  }

  @Test
  void nothingIsHeldBackWhereAllIsEven() {
    member("a", owns(0, 1, 4), standsBy(2, 3, 5), disk(0, END, 1, END, 4, END, 2, END, 3, END));
    member("b", owns(2, 3, 5), standsBy(0, 1, 4), disk(2, END, 3, END, 5, END, 0, END, 1, END));

    assertThat(TaskAssignor.assign(GROUP, members, SETTINGS, false).isHeldBack()).isFalse();
  }

  private Set<TaskId> warmUpsOfC(long acceptableLag) {
    AssignSettings settings = AssignSettings.of(0, acceptableLag);
    return share(TaskAssignor.assign(GROUP, members, settings, true).byMember(), "c").warmUps();
  }

  private void member(String name, Set<TaskId> owns, Set<TaskId> standsBy, Map<TaskId, Long> disk) {
    members.add(fresh(name, disk).with(owns, standsBy, Set.of(), standsBy, disk));
  }

  /// One that stands by for 0 and 1, and warms up for 5.
  private void warmingUp(
      String name, Set<TaskId> owns, Set<TaskId> caughtUp, Map<TaskId, Long> disk) {
    members.add(fresh(name, disk).with(owns, tasks(0, 1), tasks(5), caughtUp, disk));
  }

  private static GroupMember fresh(String name, Map<TaskId, Long> disk) {
    Set<TaskId> none = Set.of();
    return GroupMember.fresh(name, name, "").with(none, none, none, none, disk);
  }

  private Map<String, Share> assign() {
    return TaskAssignor.assign(GROUP, members, SETTINGS, true).byMember();
  }

  private static Share share(Map<String, Share> shares, String name) {
    return requireNonNull(shares.get(name));
  }

  private static Set<TaskId> owns(int... partitions) {
    return tasks(partitions);
  }

  private static Set<TaskId> standsBy(int... partitions) {
    return tasks(partitions);
  }

  private static Set<TaskId> tasks(int... partitions) {
    Set<TaskId> tasks = new TreeSet<>();
    Arrays.stream(partitions).forEach(partition -> tasks.add(new TaskId("in", partition)));
    return tasks;
  }

  /// Partition and position, in turns.
  private static Map<TaskId, Long> disk(long... numbers) {
    Map<TaskId, Long> disk = new TreeMap<>();
    for (int i = 0; i < numbers.length; i += 2) {
      disk.put(new TaskId("in", (int) numbers[i]), numbers[i + 1]);
    }
    return disk;
  }
}
