package dev.gretchen.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.verifier.check.Silences.Stretch;
import dev.gretchen.verifier.check.Takeovers.Aftermath;
import dev.gretchen.verifier.check.Takeovers.Hit;
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
