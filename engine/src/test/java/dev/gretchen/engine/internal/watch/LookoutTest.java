package dev.gretchen.engine.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LookoutTest {

  private static final long MILLI = 1_000_000;
  private static final TaskId P0 = new TaskId("words", 0);

  private final Lookout lookout = new Lookout("w0-a", WatchSettings.standard());
  private long now = 5_000 * MILLI;
  private long counter;

  @Test
  void evictsTheDeadAtOnceOnOneWatchersWord() {
    group("w0-a", "w1-a", "w2-a");
    hear("w1-a", "w2-a");
    lookout.refused("w2-a");

    assertThat(evictions()).containsExactly("w2-a");
    assertThat(evictions()).as("and once").isEmpty();
  }

  @Test
  void takesARefusalForDeathOnlyIfItEverGotThrough() {
    lookout.assigned(peers("w0-a", "w1-a"), List.of(), now);
    lookout.refused("w1-a");
    assertThat(evictions()).isEmpty();

    lookout.reached("w1-a");
    assertThat(evictions()).isEmpty();
    lookout.refused("w1-a");
    assertThat(evictions()).containsExactly("w1-a");
  }

  @Test
  void evictsNobodyForSilenceOnOneWatchersWord() {
    group("w0-a", "w1-a", "w2-a");
    passWithPulsesOf(2_000, Set.of(), "w1-a");
    assertThat(lookout.suspects()).containsExactly(life("w2-a"));
    assertThat(evictions()).isEmpty();

    passWithPulsesOf(200, Set.of(life("w2-a")), "w1-a");
    assertThat(seen).containsExactly("w2-a");
  }

  @Test
  void needsNoSecondWatcherWhereThereIsNone() {
    group("w0-a", "w1-a");
    hear("w1-a");
    pass(900);
    assertThat(seen).isEmpty();
    pass(200);
    assertThat(seen).containsExactly("w1-a");
  }

  @Test
  void seesAPollLoopThatStandsStillThoughPulsesCome() {
    group("w0-a", "w1-a");
    for (int i = 0; i < 69; i++) {
      lookout.heard(new Message.Pulse("w1-a", 17, Set.of()), now);
      pass(100);
    }
    assertThat(seen).isEmpty();
    for (int i = 0; i < 3; i++) {
      lookout.heard(new Message.Pulse("w1-a", 17, Set.of()), now);
      pass(100);
    }
    assertThat(seen).containsExactly("w1-a");
  }

  @Test
  void evictsAllThatAreAgreedOnTogether() {
    group("w0-a", "w1-a", "w2-a", "w3-a", "w4-a", "w5-a");
    passWithPulsesOf(1_500, Set.of(life("w5-a")), "w1-a", "w2-a", "w3-a", "w4-a");
    // w5 is gone already; two more die
    seen.clear();
    lookout.refused("w3-a");
    lookout.refused("w4-a");
    assertThat(evictions()).containsExactly("w3-a", "w4-a");
  }

  @Test
  void leavesTheSilentToTheLowestLivingMemberAndStepsInIfThatOneDoesNot() {
    Lookout second = new Lookout("w1-a", WatchSettings.standard());
    second.assigned(peers("w0-a", "w1-a", "w2-a"), List.of(), now);
    second.heard(new Message.Pulse("w2-a", ++counter, Set.of()), now);
    for (int i = 0; i < 25; i++) {
      second.heard(new Message.Pulse("w0-a", ++counter, Set.of(life("w2-a"))), now);
      assertThat(evicted(second.look(now))).as("after %d ms", 100 * i).isEmpty();
      now += 100 * MILLI;
    }
    now += 100 * MILLI;
    second.heard(new Message.Pulse("w0-a", ++counter, Set.of(life("w2-a"))), now);
    assertThat(evicted(second.look(now))).containsExactly("w2-a");
  }

  @Test
  void doesNotWaitLongForAnotherToEvictTheDead() {
    Lookout second = new Lookout("w1-a", WatchSettings.standard());
    second.assigned(peers("w0-a", "w1-a", "w2-a"), List.of(), now);
    second.reached("w2-a");
    second.refused("w2-a");
    second.heard(new Message.Pulse("w0-a", ++counter, Set.of()), now);
    assertThat(evicted(second.look(now))).isEmpty();
    now += 50 * MILLI;
    assertThat(evicted(second.look(now))).containsExactly("w2-a");
  }

  @Test
  void doesNothingInAStorm() {
    group("w0-a", "w1-a", "w2-a", "w3-a");
    hear("w1-a", "w2-a", "w3-a");
    passWithPulsesOf(3_000, Set.of(life("w2-a"), life("w3-a")), "w1-a");
    assertThat(seen).isEmpty();
    assertThat(lookout.suspects()).as("it does not even say so").isEmpty();
  }

  @Test
  void takesItsOwnDelayForNobodysSilence() {
    group("w0-a", "w1-a");
    hear("w1-a");
    evictions();
    now += 10_000 * MILLI;
    assertThat(evictions()).as("held up, not deserted").isEmpty();
    pass(800);
    assertThat(seen).isEmpty();
  }

  @Test
  void evictsNobodyRightAfterItWasHeldUpForLongSinceItMayBeOneOfTheDeadItself() {
    group("w0-a", "w1-a");
    hear("w1-a");
    evictions();
    now += 10_000 * MILLI;
    lookout.refused("w1-a");
    assertThat(evictions()).isEmpty();
    pass(1_900);
    assertThat(seen).isEmpty();
    pass(300);
    assertThat(seen).as("still a member, it seems").containsExactly("w1-a");
  }

  @Test
  void evictsNobodyRightAfterTheBrokersDidNotAnswerSinceItMayBeOneOfTheDeadItself() {
    group("w0-a", "w1-a");
    hear("w1-a");
    lookout.unanswered(now);
    lookout.refused("w1-a");
    pass(1_900);
    assertThat(seen).isEmpty();
    pass(200);
    assertThat(seen).as("still a member, it seems").containsExactly("w1-a");
  }

  @Test
  void evictsAgainAsSoonAsItHasAnAssignment() {
    group("w0-a", "w1-a");
    hear("w1-a");
    lookout.unanswered(now);
    group("w0-a", "w1-a");
    lookout.refused("w1-a");
    assertThat(evictions()).containsExactly("w1-a");
  }

  @Test
  void takesTheOrderlyEndOfALinkForNoSilence() {
    group("w0-a", "w1-a");
    hear("w1-a");
    lookout.unlinked("w1-a");
    pass(5_000);
    assertThat(seen).as("this worker is no member in its eyes").isEmpty();
  }

  @Test
  void doesNotEvictForSilenceWhoHasComeBackUntilItIsHeard() {
    group("w0-a", "w1-a");
    hear("w1-a");
    pass(1_200);
    assertThat(seen).containsExactly("w1-a");
    lookout.evicted(Set.of(life("w1-a")), now);

    seen.clear();
    group("w0-a", "w1-a:again");
    pass(60_000);
    assertThat(seen).isEmpty();

    hear("w1-a");
    pass(1_200);
    assertThat(seen).containsExactly("w1-a");
  }

  @Test
  void evictsASlotForSilenceLessAndLessOften() {
    group("w0-a", "w1-a");
    List<Long> at = new ArrayList<>();
    for (int life = 1; at.size() < 5; life++) {
      hear("w1-a");
      seen.clear();
      while (seen.isEmpty()) {
        pass(100);
      }
      at.add(now);
      lookout.evicted(Set.of(life("w1-a:" + (life - 1))), now);
      lookout.evicted(Set.of(life("w1-a")), now);
      group("w0-a", "w1-a:" + life);
    }
    for (int i = 1; i < at.size(); i++) {
      assertThat((at.get(i) - at.get(i - 1)) / MILLI).isGreaterThanOrEqualTo(5_000L << (i - 1));
    }
  }

  @Test
  void neverEvictsMoreInAMinuteThanItMay() {
    int evicted = 0;
    for (int i = 0; i < 50; i++) {
      String instance = "w1-" + i;
      group("w0-a", instance);
      lookout.reached(instance);
      lookout.refused(instance);
      if (!evictions().isEmpty()) {
        evicted++;
        lookout.evicted(Set.of(life(instance)), now);
      }
      now += 10 * MILLI;
    }
    assertThat(evicted).isEqualTo(WatchSettings.standard().evictionsMax());
  }

  @Test
  void doesNotSuspectWhoHasSaidFarewell() {
    group("w0-a", "w1-a");
    hear("w1-a");
    lookout.reached("w1-a");
    lookout.farewell("w1-a");
    lookout.refused("w1-a");
    pass(5_000);
    assertThat(seen).isEmpty();
  }

  @Test
  void asksAWatcherThatWasEvictedAndMayBeBack() {
    group("w0-a", "w1-a", "w2-a");
    hear("w1-a", "w2-a");
    passWithPulsesOf(1_500, Set.of(life("w2-a")), "w1-a");
    assertThat(seen).containsExactly("w2-a");
    lookout.evicted(Set.of(life("w2-a")), now);
    seen.clear();

    pass(5_000);
    assertThat(seen).as("w2 may be a member again, and hear w1").isEmpty();
    group("w0-a", "w1-a");
    pass(100);
    assertThat(seen).as("it is none").containsExactly("w1-a");
  }

  @Test
  void asksNoWatcherThatWasEvictedAndIsDead() {
    group("w0-a", "w1-a", "w2-a");
    hear("w1-a", "w2-a");
    lookout.refused("w2-a");
    assertThat(evictions()).containsExactly("w2-a");
    lookout.evicted(Set.of(life("w2-a")), now);

    pass(1_200);
    assertThat(seen).containsExactly("w1-a");
  }

  @Test
  void takesNobodyForSilentWhileItMayNotKnowAllWatchers() {
    group("w0-a", "w1-a");
    hear("w1-a");
    lookout.revoking();
    pass(5_000);
    assertThat(seen).as("a watcher may have joined").isEmpty();

    group("w0-a", "w1-a");
    pass(100);
    assertThat(seen).as("none has").containsExactly("w1-a");
  }

  @Test
  void evictsTheDeadThoughItMayNotKnowAllWatchers() {
    group("w0-a", "w1-a");
    hear("w1-a");
    lookout.revoking();
    lookout.refused("w1-a");
    assertThat(evictions()).containsExactly("w1-a");
  }

  @Test
  void joinsAgainOnceForWhomeverHasLeft() {
    group("w0-a", "w1-a", "w2-a");
    hear("w1-a", "w2-a");

    assertThat(lookout.left("w1-a")).isTrue();
    assertThat(lookout.left("w1-a")).as("said twice").isFalse();
    assertThat(lookout.left("w9-a")).as("a stranger").isFalse();
    lookout.refused("w1-a");
    pass(500);
    assertThat(seen).isEmpty();
  }

  @Test
  void countsNobodyAsWatcherWhoHasLeft() {
    group("w0-a", "w1-a", "w2-a");
    hear("w1-a", "w2-a");
    lookout.farewell("w1-a");
    pass(1_200);
    assertThat(seen).as("one that is leaving may still see w2").isEmpty();

    assertThat(lookout.left("w1-a")).isTrue();
    pass(100);
    assertThat(seen).containsExactly("w2-a");
  }

  @Test
  void decidesAnEvictionWithEachLookUntilItHasBegun() {
    group("w0-a", "w1-a", "w2-a");
    hear("w1-a", "w2-a");
    lookout.refused("w2-a");
    assertThat(evicted(lookout.look(now))).containsExactly("w2-a");
    assertThat(evicted(lookout.look(now))).as("nobody could begin").containsExactly("w2-a");

    assertThat(evictions()).containsExactly("w2-a");
    assertThat(evicted(lookout.look(now))).as("begun").isEmpty();
  }

  @Test
  void evictsNobodyWhoWasHeardBeforeTheEvictionCouldBegin() {
    group("w0-a", "w1-a");
    hear("w1-a");
    passWithoutBeginning(1_100);
    assertThat(evicted(lookout.look(now))).containsExactly("w1-a");

    hear("w1-a");
    assertThat(evicted(lookout.look(now))).isEmpty();
  }

  @Test
  void asksAWatcherThatCameBeforeTheEvictionCouldBegin() {
    group("w0-a", "w1-a");
    hear("w1-a");
    passWithoutBeginning(1_100);
    assertThat(evicted(lookout.look(now))).as("where there is no other").containsExactly("w1-a");

    group("w0-a", "w1-a", "w2-a");
    hear("w2-a");
    assertThat(evicted(lookout.look(now))).as("w2 hears it").isEmpty();

    lookout.heard(new Message.Pulse("w2-a", ++counter, Set.of(life("w1-a"))), now);
    assertThat(evicted(lookout.look(now))).as("nor does w2").containsExactly("w1-a");
  }

  @Test
  void fencesWhosePartitionsCameHereWithoutAnEviction() {
    group("w0-a", "w1-a");
    group(List.of(P0), "w0-a");
    assertThat(fenced()).isEqualTo("w1-a");
    assertThat(fenced()).as("nobody could begin").isEqualTo("w1-a");
    lookout.fencing(peers("w1-a").members());
    assertThat(fenced()).as("begun").isEmpty();
  }

  @Test
  void fencesNobodyWhoseSlotIsBackBeforeTheFencingCouldBegin() {
    group("w0-a", "w1-a");
    group(List.of(P0), "w0-a");
    assertThat(fenced()).isEqualTo("w1-a");

    group("w0-a", "w1-b");
    assertThat(fenced()).as("the new process has the producer's id").isEmpty();
  }

  @Test
  void fencesNobodyWhoLeftInOrderOrIsBack() {
    group("w0-a", "w1-a");
    group(List.of(P0), "w0-a");
    lookout.farewell("w1-a");
    assertThat(fenced()).isEmpty();

    group("w0-a", "w1-a");
    group(List.of(P0), "w0-a", "w1-b");
    assertThat(fenced()).isEmpty();
  }

  private final List<String> seen = new ArrayList<>();

  private void group(String... instances) {
    group(List.of(), instances);
  }

  private void group(List<TaskId> gained, String... instances) {
    lookout.assigned(peers(instances), gained, now);
    for (String instance : instances) {
      lookout.reached(instance.split(":", 2)[0]);
    }
  }

  /// @param names instance, and after a colon what makes it another life
  private static Peers peers(String... names) {
    List<Peer> members = new ArrayList<>();
    for (String name : names) {
      String instance = name.split(":", 2)[0];
      String worker = instance.split("-", 2)[0];
      members.add(
          new Peer(
              name,
              worker,
              instance.split("-", 2)[1],
              "",
              "",
              "h:" + instance,
              "app-" + worker,
              new TreeSet<>(Set.of(P0)),
              new TreeSet<>()));
    }
    return new Peers(1, members);
  }

  private static Life life(String name) {
    return new Life(name);
  }

  private void hear(String... instances) {
    for (String instance : instances) {
      lookout.heard(new Message.Pulse(instance, ++counter, Set.of()), now);
    }
  }

  private void passWithPulsesOf(long millis, Set<Life> suspects, String... instances) {
    hear(
        lookout.peers().members().stream()
            .map(Peer::instance)
            .filter(instance -> seen.isEmpty() && lookout.suspects().isEmpty())
            .toArray(String[]::new));
    for (long passed = 0; passed < millis; passed += 100) {
      for (String instance : instances) {
        lookout.heard(new Message.Pulse(instance, ++counter, suspects), now);
      }
      pass(100);
    }
  }

  private void pass(long millis) {
    for (long passed = 0; passed < millis; passed += 100) {
      now += 100 * MILLI;
      seen.addAll(evictions());
    }
  }

  /// What is decided, nobody begins.
  private void passWithoutBeginning(long millis) {
    for (long passed = 0; passed < millis; passed += 100) {
      lookout.look(now);
      now += 100 * MILLI;
    }
  }

  /// Those that are begun now.
  private List<String> evictions() {
    List<Decision> decisions = lookout.look(now);
    for (Decision decision : decisions) {
      if (decision instanceof Decision.Evict(List<Peer> peers, _)) {
        lookout.evicting(peers, now);
      }
    }
    return evicted(decisions);
  }

  private static List<String> evicted(List<Decision> decisions) {
    return decisions.stream()
        .filter(Decision.Evict.class::isInstance)
        .flatMap(decision -> ((Decision.Evict) decision).peers().stream())
        .map(Peer::instance)
        .toList();
  }

  private String fenced() {
    now += 150 * MILLI;
    return String.join(
        ",",
        lookout.look(now).stream()
            .filter(Decision.Fence.class::isInstance)
            .flatMap(decision -> ((Decision.Fence) decision).peers().stream())
            .map(Peer::instance)
            .toList());
  }
}
