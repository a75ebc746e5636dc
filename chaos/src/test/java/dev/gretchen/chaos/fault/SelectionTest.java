package dev.gretchen.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.machine.Machine;
import dev.gretchen.chaos.proxy.NetworkFaults;
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
    Capabilities poor =
        new Capabilities(
            new BrokerFaults.Unsupported("no power"),
            false,
            false,
            new NetworkFaults.Unsupported("no links"),
            Machine.unknown());
    Capabilities.Usable usable =
        poor.restrict(
            Selection.parse(
                "P4,kill-broker,P2,kill-in-recovery,N1,lose-addoffsetstotxn-response,D6"));
    assertThat(usable.selection().kinds())
        .containsExactly(FaultKind.GRACEFUL_STOP, FaultKind.ROLLING_RESTART);
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
                "D6", "full-disk", "no small file system over a worker's disk: it was not tried"));
  }
}
