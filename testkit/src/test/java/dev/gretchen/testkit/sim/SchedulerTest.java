package dev.gretchen.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Virtual time, turns, and the end of a process.
class SchedulerTest {

  private Scheduler scheduler = new Scheduler(1, new Trace(10));

  @AfterEach
  void leavesNoThreadBehind() {
    scheduler.close();
  }

  private SimProcess process(String name) {
    return scheduler.process(name);
  }

  private void start(SimProcess process, Runnable body) {
    scheduler.start(process, "body", body, _ -> {});
  }

  @Test
  void timeJumpsToWhatIsNext() {
    List<Long> seen = new ArrayList<>();
    start(
        process("a"),
        () -> {
          scheduler.sleep(Duration.ofHours(2).toNanos());
          seen.add(scheduler.now());
        });

    boolean done = scheduler.run(() -> !seen.isEmpty(), Duration.ofDays(1));

    assertThat(done).isTrue();
    assertThat(seen.getFirst())
        .isBetween(Duration.ofHours(2).toNanos(), Duration.ofHours(3).toNanos());
  }

  @Test
  void aWaitEndsWhenItsConditionIsSignalled() {
    SimMonitor monitor = new SimMonitor(scheduler);
    List<String> seen = new ArrayList<>();
    start(
        process("waits"),
        () -> seen.add("held " + monitor.await(() -> seen.size() == 1, Duration.ofHours(1))));
    start(
        process("signals"),
        () -> {
          scheduler.sleep(1_000_000);
          seen.add("signalled");
          monitor.signal();
        });

    scheduler.run(() -> seen.size() == 2, Duration.ofMinutes(1));

    assertThat(seen).containsExactly("signalled", "held true");
    assertThat(scheduler.now()).isLessThan(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void aWaitInVainEndsWithItsBound() {
    SimMonitor monitor = new SimMonitor(scheduler);
    List<Boolean> seen = new ArrayList<>();
    start(process("a"), () -> seen.add(monitor.await(() -> false, Duration.ofSeconds(3))));

    scheduler.run(() -> !seen.isEmpty(), Duration.ofMinutes(1));

    assertThat(seen).containsExactly(false);
    assertThat(scheduler.now()).isGreaterThanOrEqualTo(Duration.ofSeconds(3).toNanos());
  }

  @Test
  void equalSeedsTakeEqualTurnsAndOthersDoNot() {
    assertThat(race(7)).isEqualTo(race(7));
    assertThat(List.of(race(1), race(2), race(3), race(4), race(5)).stream().distinct().count())
        .isGreaterThan(1);
  }

  private static String race(long seed) {
    Scheduler own = new Scheduler(seed, new Trace(0));
    StringBuilder order = new StringBuilder();
    for (String name : List.of("a", "b", "c")) {
      SimProcess process = own.process(name);
      own.start(
          process,
          "body",
          () -> {
            for (int i = 0; i < 20; i++) {
              order.append(name);
              own.note(process, "step", i, 0);
              own.pause();
            }
          },
          _ -> {});
    }
    own.run(() -> order.length() == 60, Duration.ofSeconds(1));
    own.close();
    return order + own.trace().hash();
  }

  @Test
  void aKilledProcessDoesNothingMore() {
    SimProcess victim = process("victim");
    List<String> seen = new ArrayList<>();
    start(
        victim,
        () -> {
          try {
            scheduler.sleep(1_000_000_000);
            seen.add("woke");
          } finally {
            // unwound: what it tries on the way out meets nothing
            seen.add("unwound");
            scheduler.sleep(1);
            seen.add("slept");
          }
        });
    scheduler.after(victim, 500_000_000, () -> seen.add("event"));
    scheduler.after(scheduler.world(), 100_000_000, () -> scheduler.kill(victim));

    scheduler.run(() -> false, Duration.ofSeconds(5));

    assertThat(seen).containsExactly("unwound");
  }

  @Test
  void aProcessThatHaltsItselfTakesItsOtherFibersAlong() {
    SimProcess victim = process("victim");
    List<String> seen = new ArrayList<>();
    start(
        victim,
        () -> {
          scheduler.sleep(2_000_000);
          seen.add("other");
        });
    start(
        victim,
        () -> {
          scheduler.sleep(1_000_000);
          scheduler.killCurrent();
          seen.add("lived on");
        });

    scheduler.run(() -> false, Duration.ofSeconds(1));

    assertThat(victim.isKilled()).isTrue();
    assertThat(seen).isEmpty();
  }

  @Test
  void aPausedProcessGoesOnLaterAsIfNothingHadBeen() {
    SimProcess zombie = process("zombie");
    List<Long> seen = new ArrayList<>();
    start(
        zombie,
        () -> {
          scheduler.sleep(1_000_000_000);
          seen.add(scheduler.now());
        });
    scheduler.after(scheduler.world(), 500_000_000, () -> scheduler.suspend(zombie));
    scheduler.after(scheduler.world(), 9_000_000_000L, () -> scheduler.resume(zombie));

    scheduler.run(() -> !seen.isEmpty(), Duration.ofMinutes(1));

    assertThat(seen.getFirst()).isGreaterThanOrEqualTo(9_000_000_000L);
  }

  @Test
  void aWaitForTheWorldOutsideFailsTheSimulation() {
    start(
        process("a"),
        () -> {
          try {
            Thread.sleep(60_000);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });

    assertThatThrownBy(() -> scheduler.run(() -> false, Duration.ofSeconds(1)))
        .isInstanceOf(SimulationFailure.class)
        .hasMessageContaining("waits for something outside the simulation")
        .hasMessageContaining("Thread.sleep");
    // the fiber still has its turn: there is nothing to close in order
    scheduler = new Scheduler(1, new Trace(0));
  }

  @Test
  void aLoopThatNeverWaitsIsFoundByTimeThatStandsStill() {
    SimProcess process = process("a");
    Runnable[] again = new Runnable[1];
    again[0] = () -> scheduler.after(process, 0, again[0]);
    scheduler.after(process, 0, again[0]);

    assertThatThrownBy(() -> scheduler.run(() -> false, Duration.ofSeconds(1)))
        .isInstanceOf(SimulationFailure.class)
        .hasMessageContaining("time stands still");
  }
}
