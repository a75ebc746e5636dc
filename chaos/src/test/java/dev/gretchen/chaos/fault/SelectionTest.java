package dev.gretchen.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.machine.Machine;
import dev.gretchen.chaos.proxy.Ways;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SelectionTest {

  @Test
  void readsIdsAndKinds() {
    assertThat(Selection.parse("P1, kill-broker").kinds())
        .containsExactly(
            FaultKind.KILL_WORKER,
            FaultKind.KILL_OWNER,
            FaultKind.KILL_TWICE,
            FaultKind.KILL_IN_RECOVERY,
            FaultKind.WIPE_WHILE_DOWN,
            FaultKind.KILL_BROKER);
    assertThat(Selection.parse("none").kinds()).isEmpty();
    assertThat(Selection.parse("all").kinds()).containsExactly(FaultKind.values());
    assertThat(Selection.parse("kill").kinds()).isEqualTo(Selection.KILL.kinds());
    assertThat(Selection.parse("all")).isEqualTo(Selection.ALL);
  }

  @Test
  void aLetterMeansEveryCodeThatBeginsWithIt() {
    assertThat(Selection.parse("C").kinds())
        .containsExactly(FaultKind.CLOCK_JUMP, FaultKind.BROKER_CLOCK_JUMP);
    assertThat(Selection.parse("C").omissions())
        .containsExactly(Omission.CLOCK_RATE, Omission.FUTURE_EVENTS, Omission.CALENDAR);
    assertThat(Selection.parse("P,S,N,B,G,D,C,T,U,M,X").kinds())
        .containsExactly(FaultKind.values());
    // a code is itself, and not all that begin with it
    assertThat(Selection.parse("P1").kinds()).doesNotContain(FaultKind.LITTLE_MEMORY);
    assertThat(Selection.parse("S").kinds()).doesNotContain(FaultKind.SERVICE_SLOW);
  }

  @Test
  void whatIsInTheCatalogueAndNoKindOfOursIsSkippedWithItsReason() {
    Selection selection = Selection.parse("B8,N16,calendar");
    assertThat(selection.kinds()).containsExactly(FaultKind.ADDED_PARTITIONS);
    assertThat(poor().restrict(selection).skipped())
        .extracting(Skipped::id, Skipped::kind)
        .containsExactly(
            tuple("N16", "mangled-packets"),
            tuple("B8", "recreated-topic"),
            tuple("C5", "calendar"));
    assertThat(poor().restrict(selection).skipped())
        .extracting(Skipped::reason)
        .contains(Omission.CALENDAR.reason());
  }

  private static Capabilities poor() {
    return new Capabilities(
        new BrokerFaults.Unsupported("no power"),
        new Capabilities.AppSide(false, false, false, Set.of("standbys")),
        Ways.none("no links"),
        Machine.unknown());
  }

  @Test
  void listsTheAllowedNamesWhereOneIsUnknown() {
    assertThatThrownBy(() -> Selection.parse("P1,kill-everyone"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Unknown fault 'kill-everyone'; allowed are none, kill, ownership")
        .hasMessageContaining("B1")
        .hasMessageContaining("kill-in-paused-recovery");
  }

  @Test
  void skipsWithAReasonWhatHasNoMechanism() {
    Capabilities.Usable usable =
        poor()
            .restrict(
                Selection.parse(
                    "P4,kill-broker,P2,kill-in-recovery,N1,lose-addoffsetstotxn-response,D6,"
                        + "P12,P13,broker-pair-cut,B4,B6,B10,strange-input,C1,U"));
    assertThat(usable.selection().kinds())
        .containsExactly(
            FaultKind.GRACEFUL_STOP, FaultKind.ROLLING_RESTART, FaultKind.STRANGE_INPUT);
    assertThat(usable.skipped())
        .containsExactly(
            new Skipped(
                "P1", "kill-in-recovery", "the app's workers do not show when they recover"),
            new Skipped("P4", "kill-after-sends", "the app's workers have no failpoints"),
            new Skipped("P4", "kill-in-paused-recovery", "the app's workers have no failpoints"),
            new Skipped("B1", "kill-broker", "no power"),
            new Skipped("N1", "cut-worker", "no links"),
            new Skipped(
                "N12",
                "lose-addoffsetstotxn-response",
                "under transaction version 2 no client sends AddOffsetsToTxn"),
            new Skipped(
                "D6", "full-disk", "no small file system over a worker's disk: it was not tried"),
            new Skipped("P13", "garbage-storm", "the app's command does not name {java}"),
            new Skipped(
                "P12", "few-files", "no other limits for a running process: it was not tried"),
            new Skipped("N5", "broker-pair-cut", "no links"),
            new Skipped("B4", "leader-election", "no power"),
            new Skipped("B6", "full-log-dir", "no power"),
            new Skipped("B10", "compacted-changelogs", "no power"),
            new Skipped("B10", "compacted-offsets", "no power"),
            new Skipped(
                "C1",
                "clock-jump",
                "no library of ours before all others of a process: it was not tried"),
            new Skipped(
                "U",
                "rolling-reconfiguration",
                "the app's command does not name {commit-interval} and {standbys}"),
            new Skipped("U", "rolling-upgrade", "the app's command does not name {version}"));
  }
}
