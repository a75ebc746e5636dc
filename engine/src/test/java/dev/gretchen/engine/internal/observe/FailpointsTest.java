package dev.gretchen.engine.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.observe.Failpoints.Action;
import dev.gretchen.engine.internal.observe.Failpoints.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailpointsTest {

  private final FakeSurroundings surroundings = new FakeSurroundings();

  @Test
  void doNothingAndCountNothingUnlessSwitchedOn() {
    Failpoints off = new Failpoints("", surroundings.monitor(), _ -> {});

    off.arm(Failpoint.COMMIT_AFTER_END, Action.PAUSE, 1);
    off.hit(Failpoint.COMMIT_AFTER_END);

    assertThat(off.isEnabled()).isFalse();
    assertThat(view(off, Failpoint.COMMIT_AFTER_END).hits()).isZero();
    assertThat(surroundings.waits()).isEmpty();
  }

  @Test
  void pauseAtTheNthHitUntilSwitchedOff() {
    Failpoints on = new Failpoints("on", surroundings.monitor(), _ -> {});
    on.hit(Failpoint.RECOVERY_MIDWAY);
    on.arm(Failpoint.RECOVERY_MIDWAY, Action.PAUSE, 3);
    on.hit(Failpoint.RECOVERY_MIDWAY);
    on.hit(Failpoint.RECOVERY_MIDWAY);
    assertThat(view(on, Failpoint.RECOVERY_MIDWAY))
        .isEqualTo(new View("recovery.midway", 3, "pause", false));

    List<View> whilePaused = new ArrayList<>();
    surroundings.inNextWait(() -> {
      whilePaused.add(view(on, Failpoint.RECOVERY_MIDWAY));
      on.arm(Failpoint.RECOVERY_MIDWAY, Action.OFF, 1);
    });
    on.hit(Failpoint.RECOVERY_MIDWAY);

    assertThat(whilePaused).containsExactly(new View("recovery.midway", 4, "pause", true));
    assertThat(view(on, Failpoint.RECOVERY_MIDWAY))
        .isEqualTo(new View("recovery.midway", 4, "off", false));
  }

  @Test
  void startArmedWhereTheSettingSaysSo() {
    Failpoints armed =
        new Failpoints(
            "recovery.midway=pause, commit.before-end=halt", surroundings.monitor(), _ -> {});

    assertThat(view(armed, Failpoint.RECOVERY_MIDWAY).armed()).isEqualTo("pause");
    assertThat(view(armed, Failpoint.COMMIT_BEFORE_END).armed()).isEqualTo("halt");
    assertThat(view(armed, Failpoint.COMMIT_AFTER_END).armed()).isEqualTo("off");
  }

  @Test
  void carryTheNamesOfTheContract() {
    assertThat(Arrays.stream(Failpoint.values()).map(Failpoint::text))
        .containsExactly(
            "commit.before-sends",
            "commit.after-sends",
            "commit.before-end",
            "commit.after-end",
            "recovery.started",
            "recovery.midway",
            "rebalance.revoking");
  }

  @Test
  void refuseASettingThatTheyDoNotUnderstand() {
    assertThatThrownBy(
            () -> new Failpoints("commit.sometime=pause", surroundings.monitor(), _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("commit.sometime=pause");
    assertThatThrownBy(
            () -> new Failpoints("recovery.midway=explode", surroundings.monitor(), _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pause or halt")
        .hasMessageContaining("explode");
  }

  private static View view(Failpoints failpoints, Failpoint failpoint) {
    return failpoints.views().stream()
        .filter(view -> view.name().equals(failpoint.text()))
        .findFirst()
        .orElseThrow();
  }
}
