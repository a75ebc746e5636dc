package dev.gretchen.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.verifier.check.Silences.Stretch;
import dev.gretchen.verifier.check.Takeovers.Aftermath;
import dev.gretchen.verifier.check.Takeovers.Hit;
import dev.gretchen.verifier.check.Takeovers.Turn;
import dev.gretchen.verifier.contract.AuditEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TakeoversTest {

  private static final InputTask OWNED = new InputTask("t", 0);
  private static final InputTask OTHER = new InputTask("t", 1);
  private static final long KILL = 20_000;

  private final AuditEntries audit = new AuditEntries();

  @Test
  void eachPhaseIsWhenItsWitnessSaysSo() {
    audit.task(10, "w1", "assigned", 0).task(10, "w2", "assigned", 1);
    audit.peer(KILL + 20, "w2", "suspected", "w1");
    audit.peer(KILL + 60, "w2", "evicted", "w1").peer(KILL + 90, "w2", "fenced", "w1");
    audit.task(KILL + 200, "w2", "assigned", 0).running(KILL + 300, "w2", 0, 5);
    Aftermath aftermath = follow(audit.list(), 400, 900);
    assertThat(aftermath.phases())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "detected", 20L,
                "fenced", 90L,
                "reassigned", 200L,
                "recovered", 300L,
                "firstOutput", 400L,
                "caughtUp", 900L));
  }

  @Test
  void whereNobodyWatchesTheFirstSignOfARebalanceIsTheDetection() {
    audit.task(KILL + 100, "w1", "revoked", 0).task(KILL + 6_100, "w2", "assigned", 0);
    audit.running(KILL + 6_200, "w2", 0, 5);
    Aftermath aftermath = follow(audit.list(), 6_300, 6_900);
    assertThat(aftermath.phases()).containsEntry("detected", 6_100L).doesNotContainKey("fenced");
  }

  @Test
  void theFencingOfALaterFaultIsNotPutDownToAnEarlierOneOfTheSameWorker() {
    Moment stop = new Moment("graceful-stop", "w1", KILL, KILL + 2_000, false);
    Moment kill = new Moment("kill-worker", "w1", KILL + 23_000, KILL + 27_000, true);
    audit.worker(KILL + 10, "w1", "stopping").task(KILL + 100, "w2", "assigned", 0);
    audit.running(KILL + 150, "w2", 0, 0).worker(KILL + 1_500, "w1", "started");
    audit.peer(KILL + 23_020, "w2", "suspected", "w1").peer(KILL + 23_050, "w2", "fenced", "w1");
    List<Aftermath> aftermaths = told(new Hit(stop, Set.of(OWNED)), new Hit(kill, Set.of(OTHER)));
    assertThat(aftermaths.getFirst().phases())
        .containsEntry("detected", 100L)
        .containsEntry("recovered", 150L)
        .doesNotContainKey("fenced");
    assertThat(aftermaths.getLast().phases()).containsEntry("fenced", 50L);
  }

  @Test
  void whoIsFencedAfterARestartIsTheNewProcess() {
    Moment stop = new Moment("graceful-stop", "w1", KILL, KILL + 2_000, false);
    audit.worker(KILL + 1_500, "w1", "started").peer(KILL + 9_000, "w2", "fenced", "w1");
    assertThat(told(new Hit(stop, Set.of(OWNED))).getFirst().phases()).isEmpty();
  }

  @Test
  void aProcessThatIsKilledAgainBeforeTheHealingBelongsToTheSameFault() {
    Moment twice = new Moment("kill-twice", "w1", KILL, KILL + 5_000, true);
    audit.worker(KILL + 700, "w1", "started").peer(KILL + 1_200, "w2", "fenced", "w1");
    assertThat(told(new Hit(twice, Set.of(OWNED))).getFirst().phases())
        .containsEntry("fenced", 1_200L);
  }

  @Test
  void whatALaterFaultMovesWasNotMovedByAnEarlierOne() {
    Moment pause = new Moment("short-pause", "w1", KILL, KILL + 300, false);
    Moment kill = new Moment("kill-worker", "w2", KILL + 8_000, 0, true);
    audit.task(KILL + 8_300, "w3", "assigned", 0).running(KILL + 8_400, "w3", 0, 1);
    audit.task(KILL + 8_300, "w3", "assigned", 1).running(KILL + 8_450, "w3", 1, 1);
    List<Aftermath> aftermaths = told(new Hit(pause, Set.of(OWNED)), new Hit(kill, Set.of(OTHER)));
    assertThat(aftermaths.getFirst().phases()).isEmpty();
    assertThat(aftermaths.getLast().phases())
        .containsEntry("reassigned", 300L)
        .containsEntry("recovered", 450L);
  }

  @Test
  void aWorkerThatIsRestartedInItsTurnIsMeasuredFromItsTurn() {
    Moment rolling = new Moment("rolling-restart", "w2", KILL, KILL + 9_000, false);
    Turn first = new Turn("w1", KILL, Set.of(OWNED));
    Turn second = new Turn("w2", KILL + 5_000, Set.of(OTHER));
    audit.task(KILL + 100, "w2", "assigned", 0).running(KILL + 200, "w2", 0, 0);
    audit.task(KILL + 5_150, "w1", "assigned", 1).running(KILL + 5_180, "w1", 1, 0);
    Hit hit = new Hit(rolling, Set.of(OWNED, OTHER), List.of(first, second));
    Takeovers takeovers = new Takeovers(List.of(hit), audit.list(), 0, 1_000);
    for (long at = 0; at < KILL + 20_000; at += 50) {
      takeovers.output(OWNED, at, at - 10);
      takeovers.output(OTHER, at, at - 10);
    }
    assertThat(takeovers.aftermaths().getFirst().phases())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "detected", 150L,
                "reassigned", 150L,
                "recovered", 200L,
                "firstOutput", 150L,
                "caughtUp", 200L));
  }

  @Test
  void aPhaseThatOneOfTheRestartedDidNotReachIsAbsent() {
    Moment rolling = new Moment("rolling-restart", "w2", KILL, KILL + 9_000, false);
    audit.task(KILL + 100, "w2", "assigned", 0).running(KILL + 200, "w2", 0, 0);
    audit.task(KILL + 5_150, "w1", "assigned", 1);
    List<Turn> turns =
        List.of(
            new Turn("w1", KILL, Set.of(OWNED)),
            new Turn("w2", KILL + 5_000, Set.of(OTHER)),
            new Turn("w3", KILL + 7_000, Set.of()));
    assertThat(told(new Hit(rolling, Set.of(OWNED, OTHER), turns)).getFirst().phases())
        .containsOnlyKeys("detected", "reassigned")
        .containsEntry("reassigned", 150L);
  }

  @Test
  void withoutAnAuditTopicOutputsAloneTell() {
    Aftermath aftermath = follow(List.of(), 2_400, 2_900);
    assertThat(aftermath.phases())
        .containsExactlyInAnyOrderEntriesOf(Map.of("firstOutput", 2_400L, "caughtUp", 2_900L));
  }

  @Test
  void silenceIsToldOfTheVictimsTasksOfTheOthersAndOfCalm() {
    Aftermath aftermath = follow(List.of(), 2_400, 2_900);
    assertThat(aftermath.silence()).containsOnlyKeys("owned", "others", "usual");
    assertThat(aftermath.silence().get("usual")).isEqualTo(100);
    assertThat(aftermath.silence().get("others")).isEqualTo(150);
    // the victim's last output was seen 50 ms after its end
    assertThat(aftermath.silence().get("owned")).isEqualTo(2_350);
  }

  @Test
  void aFaultThatHitNoWorkerHasNoTakeover() {
    Moment broker = new Moment("kill-broker", "broker 1", KILL, 0, false);
    Takeovers takeovers = new Takeovers(List.of(new Hit(broker, Set.of())), List.of(), 0, 1_000);
    takeovers.output(OWNED, KILL + 1, KILL);
    assertThat(takeovers.aftermaths()).containsExactly(Aftermath.NONE);
  }

  @Test
  void aSilenceBelongsToTheStretchInWhichItBeginsAndLastsToItsEnd() {
    Silences silences =
        new Silences(List.of(new Stretch(0, 100, 1_000), new Stretch(100, 200, 1_000)));
    silences.output(OWNED, 50, 0);
    silences.output(OWNED, 350, 0);
    assertThat(silences.longest(0)).containsEntry(OWNED, 300L);
    assertThat(silences.longest(1)).as("from its own beginning").containsEntry(OWNED, 250L);
  }

  @Test
  void aSilenceIsNotPutDownToWhatWasBeforeTheNextFault() {
    Silences silences = new Silences(List.of(new Stretch(0, 100, 120), new Stretch(120, 200, 900)));
    silences.output(OWNED, 90, 0);
    silences.output(OWNED, 350, 0);
    assertThat(silences.longest(0)).containsEntry(OWNED, 30L);
    assertThat(silences.longest(1)).containsEntry(OWNED, 230L);
  }

  @Test
  void aTaskWithoutWorkMayBeSilent() {
    Silences silences = new Silences(List.of(new Stretch(0, 1_000, 1_000)));
    silences.output(OWNED, 50, 40);
    silences.output(OWNED, 900, 880);
    assertThat(silences.longest(0)).containsEntry(OWNED, 20L);
  }

  @Test
  void stretchesMustNotOverlap() {
    assertThatThrownBy(
            () -> new Silences(List.of(new Stretch(0, 100, 200), new Stretch(99, 200, 200))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overlap");
  }

  /// Of what was told alone, without outputs.
  private List<Aftermath> told(Hit... hits) {
    return new Takeovers(List.of(hits), audit.list(), 0, 1_000).aftermaths();
  }

  /// Both tasks have an output every 100 ms. The victim's are silent from 50 ms after the kill
  /// until `first`, and late until `caughtUp`; the other has to wait 150 ms once.
  private Aftermath follow(List<AuditEvent> told, long first, long caughtUp) {
    Moment kill = new Moment("kill-owner", "w1", KILL, 0, true);
    Takeovers takeovers = new Takeovers(List.of(new Hit(kill, Set.of(OWNED))), told, 0, 1_000);
    for (long at = 50; at < KILL + 20_000; at += 50) {
      boolean owned = at % 100 == 50;
      long since = at - KILL;
      if (!owned) {
        takeovers.output(OTHER, since == 700 ? at + 50 : at, 0);
      } else if (since <= 50) {
        takeovers.output(OWNED, at, at - 200);
      } else if (since >= first) {
        takeovers.output(OWNED, at, since >= caughtUp ? at - 200 : KILL - 2_000);
      }
      if (since + 50 == first || (since < first && since + 50 > first)) {
        takeovers.output(OWNED, KILL + first, KILL - 2_000);
      }
      if (since + 50 == caughtUp) {
        takeovers.output(OWNED, KILL + caughtUp, KILL + caughtUp - 200);
      }
    }
    return takeovers.aftermaths().getFirst();
  }
}
