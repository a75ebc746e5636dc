package dev.gretchen.engine.internal.assign;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Whoever comes, goes, and is however far behind: what the assignor promises holds.
class TaskAssignorPropertyTest {

  private static final long LAG = 300;

  /// A few rounds in which members come, go and catch up or do not.
  private static Fleet inTheMidst(long seed, int groupsMax) {
    Fleet fleet = new Fleet(seed, groupsMax, LAG);
    for (int round = fleet.random().nextInt(6); round > 0; round--) {
      fleet.carryOut(fleet.assign());
      fleet.catchUp(fleet.random().nextBoolean());
      fleet.write();
      switch (fleet.random().nextInt(3)) {
        case 0 -> fleet.join();
        case 1 -> {
          if (fleet.members().size() > 1) {
            fleet.leave();
          }
        }
        default -> {
          // nobody
        }
      }
    }
    return fleet;
  }

  @Property(tries = 1_000)
  void givesEachTaskToExactlyOne(@ForAll long seed) {
    Fleet fleet = inTheMidst(seed, 4);

    Map<String, Share> shares = fleet.assign();

    assertThat(Fleet.actives(shares).keySet()).isEqualTo(fleet.tasks(true));
    assertThat(shares).hasSameSizeAs(fleet.members());
  }

  @Property(tries = 1_000)
  void isEvenInEachGroupAndInTotalOnceAllIsWarm(@ForAll long seed) {
    Fleet fleet = inTheMidst(seed, 4);

    Map<String, Share> shares = fleet.settle();

    requireEven(shares, share -> share.actives().size());
    for (TaskGroup group : fleet.groups()) {
      requireEven(
          shares,
          share ->
              share.actives().stream().filter(task -> task.topic().equals(group.name())).count());
    }
    assertThat(shares.values()).allMatch(share -> share.warmUps().isEmpty());
  }

  @Property(tries = 1_000)
  void movesNothingThatHasAnOwnerWhereItMayNotEvenOut(@ForAll long seed) {
    Fleet fleet = inTheMidst(seed, 4);

    Shares held = fleet.share(false);

    Map<TaskId, String> actives = Fleet.actives(held.byMember());
    assertThat(actives.keySet()).isEqualTo(fleet.tasks(true));
    for (GroupMember member : fleet.members()) {
      assertThat(requireNonNull(held.byMember().get(member.id())).actives())
          .containsAll(member.owned());
    }
    assertThat(held.isHeldBack())
        .as("whether another round would move something")
        .isEqualTo(!actives.equals(Fleet.actives(fleet.share(true).byMember())));
  }

  private static void requireEven(Map<String, Share> shares, ToLongFunction<Share> count) {
    long most = shares.values().stream().mapToLong(count).max().orElse(0);
    long fewest = shares.values().stream().mapToLong(count).min().orElse(0);
    assertThat(most - fewest).isLessThanOrEqualTo(1);
  }

  @Property(tries = 1_000)
  void changesNothingWhereNothingHasChanged(@ForAll long seed) {
    Fleet fleet = inTheMidst(seed, 4);
    fleet.settle();

    assertThat(fleet.isAsItWas(fleet.assign())).isTrue();
  }

  @Property(tries = 1_000)
  void comesToRestThoughNobodyCatchesUp(@ForAll long seed) {
    Fleet fleet = inTheMidst(seed, 4);
    for (int round = 0; round < 8; round++) {
      fleet.carryOut(fleet.assign());
    }

    assertThat(fleet.isAsItWas(fleet.assign())).isTrue();
  }

  @Property(tries = 1_000)
  void dependsOnNothingButWhatIsReported(@ForAll long seed) {
    Fleet fleet = inTheMidst(seed, 4);

    // in another order each time
    assertThat(fleet.assign()).isEqualTo(fleet.assign());
  }

  @Property(tries = 1_000)
  void movesOnlyWhatAMemberHadWhenItLeaves(@ForAll long seed) {
    Fleet fleet = inTheMidst(seed, 1);
    fleet.settle();
    if (fleet.members().size() == 1) {
      return;
    }
    // those that read along have read what it wrote last
    fleet.catchUp(true);
    GroupMember gone = fleet.leave();

    Map<TaskId, String> actives = Fleet.actives(fleet.assign());

    for (GroupMember member : fleet.members()) {
      assertThat(member.owned()).allMatch(task -> member.id().equals(actives.get(task)));
    }
    for (TaskId task : gone.owned()) {
      boolean anyIsWarm =
          fleet.members().stream().anyMatch(member -> member.standbys().contains(task));
      if (anyIsWarm) {
        assertThat(fleet.lag(requireNonNull(actives.get(task)), task))
            .as("records of " + task + " that have to be read")
            .isZero();
      }
    }
  }

  @Property(tries = 1_000)
  void movesStateOnlyToWhereItIs(@ForAll long seed) {
    Fleet fleet = inTheMidst(seed, 4);

    Map<TaskId, String> actives = Fleet.actives(fleet.assign());

    for (TaskId task : fleet.tasks(false)) {
      String now = requireNonNull(actives.get(task));
      boolean stays = fleet.member(now).owned().contains(task);
      boolean readsAlong =
          fleet.member(now).caughtUp().contains(task) && fleet.lag(now, task) <= LAG;
      assertThat(stays || readsAlong || fleet.lag(now, task) == 0)
          .as(task + " to " + now + ", with something to read")
          .isTrue();
    }
  }

  @Property(tries = 1_000)
  void putsStandbysOnOtherWorkersAndAsManyRacksAsCanBe(@ForAll long seed) {
    Fleet fleet = inTheMidst(seed, 4);

    Map<String, Share> shares = fleet.assign();

    int racks = (int) fleet.members().stream().map(GroupMember::rack).distinct().count();
    Map<TaskId, String> actives = Fleet.actives(shares);
    for (TaskId task : fleet.tasks(false)) {
      List<String> holders = new ArrayList<>(List.of(requireNonNull(actives.get(task))));
      shares.forEach((id, share) -> {
        if (share.standbys().contains(task)) {
          holders.add(id);
        }
      });
      int copies = Math.min(fleet.settings().standbys(), fleet.members().size() - 1);
      assertThat(holders).hasSize(1 + copies).doesNotHaveDuplicates();
      assertThat(holders.stream().map(id -> fleet.member(id).rack()).distinct())
          .hasSize(Math.min(racks, 1 + copies));
    }
    Set<TaskId> without = new TreeSet<>(fleet.tasks(true));
    without.removeAll(fleet.tasks(false));
    assertThat(shares.values())
        .allSatisfy(share -> assertThat(Collections.disjoint(share.standbys(), without)).isTrue());
  }

  @Property(tries = 1_000)
  void warmsUpWhatIsElsewhereAndNotTooMuchAtATime(@ForAll long seed) {
    Fleet fleet = inTheMidst(seed, 4);

    fleet
        .assign()
        .forEach((id, share) -> {
          Set<TaskId> beyond = new TreeSet<>(share.warmUps());
          beyond.removeAll(share.standbys());
          beyond.removeIf(task -> fleet.lag(id, task) <= LAG);
          assertThat(beyond.size()).isLessThanOrEqualTo(fleet.settings().warmUpsMax());
          assertThat(Collections.disjoint(share.warmUps(), share.actives())).isTrue();
        });
  }

  @Property(tries = 300)
  void movesNoMoreThanEvennessNeeds(@ForAll long seed) {
    Fleet fleet = new Fleet(seed, 3, LAG);
    while (fleet.members().size() > 3) {
      fleet.leave();
    }
    fleet.settle();
    for (int i = fleet.random().nextInt(2); i >= 0; i--) {
      fleet.join();
    }
    List<GroupMember> before = fleet.members();
    long most = mostThatCanBeKept(fleet);

    Map<TaskId, String> actives = Fleet.actives(fleet.settle());

    long kept =
        before.stream()
            .flatMap(m -> m.owned().stream().filter(task -> m.id().equals(actives.get(task))))
            .count();
    assertThat(kept).isEqualTo(most);
  }

  /// Tries every way to be even.
  private static long mostThatCanBeKept(Fleet fleet) {
    List<GroupMember> members = fleet.members();
    return best(fleet, members, 0, new int[members.size()], 0);
  }

  private static long best(Fleet fleet, List<GroupMember> members, int g, int[] total, long kept) {
    if (g == fleet.groups().size()) {
      int most = Arrays.stream(total).max().orElse(0);
      int fewest = Arrays.stream(total).min().orElse(0);
      return most - fewest <= 1 ? kept : -1;
    }
    TaskGroup group = fleet.groups().get(g);
    int even = group.partitions() / members.size();
    int extras = group.partitions() % members.size();
    long best = -1;
    for (int chosen = 0; chosen < 1 << members.size(); chosen++) {
      if (Integer.bitCount(chosen) != extras) {
        continue;
      }
      int[] sums = total.clone();
      long keeps = kept;
      for (int m = 0; m < sums.length; m++) {
        int slots = even + (chosen >> m & 1);
        sums[m] += slots;
        keeps +=
            Math.min(
                slots,
                members.get(m).owned().stream()
                    .filter(task -> task.topic().equals(group.name()))
                    .count());
      }
      best = Math.max(best, best(fleet, members, g + 1, sums, keeps));
    }
    return best;
  }

  @Property(tries = 300)
  void leavesOutWhoeverCannotStandBy(@ForAll long seed) {
    Fleet fleet = inTheMidst(seed, 3);
    List<GroupMember> members = new ArrayList<>(fleet.members());
    GroupMember silent = members.removeFirst();
    members.add(
        new GroupMember(
            silent.id(),
            silent.worker(),
            "",
            "",
            false,
            silent.owned(),
            new TreeSet<>(),
            new TreeSet<>(),
            new TreeSet<>(),
            new java.util.TreeMap<>()));

    Map<String, Share> shares =
        TaskAssignor.assign(fleet.groups(), members, fleet.settings(), true).byMember();

    Share share = requireNonNull(shares.get(silent.id()));
    assertThat(share.standbys()).isEmpty();
    assertThat(share.warmUps()).isEmpty();
    Set<TaskId> all = new HashSet<>(Fleet.actives(shares).keySet());
    assertThat(all).isEqualTo(fleet.tasks(true));
  }
}
