package dev.gretchen.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Guarantee;
import dev.gretchen.testkit.sim.OneCarrier;
import dev.gretchen.testkit.sim.Trace;
import dev.gretchen.verifier.load.LoadShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Workers watch each other, so what a dead one held is soon held by others.
class TakeoverTest {

  private static final int RUNS = 40;

  @Test
  void theOthersDoADeadWorkersWorkWellWithinASecond() {
    List<Duration> took = new ArrayList<>();
    for (long seed = 1; seed <= RUNS; seed++) {
      took.addAll(
          takeovers(
              seed,
              new Step.Crash(
                  Duration.ofMillis(4_000 + seed),
                  (int) (seed % 3),
                  Duration.ofSeconds(30),
                  Step.Disk.KEPT)));
    }
    took.sort(Duration::compareTo);
    assertThat(took).hasSize(RUNS);
    assertThat(took.get(RUNS / 2)).as("%s", took).isLessThan(Duration.ofMillis(500));
    assertThat(took.getLast()).as("%s", took).isLessThan(Duration.ofMillis(1_000));
  }

  @Test
  void aTransactionLeftOpenHoldsUpNobody() {
    List<Duration> took = new ArrayList<>();
    for (long seed = 1; seed <= RUNS; seed++) {
      took.addAll(
          takeovers(
              seed,
              new Step.HaltAt(
                  Duration.ofMillis(4_000),
                  (int) (seed % 3),
                  "commit.before-end",
                  1,
                  Duration.ofSeconds(30),
                  "")));
    }
    assertThat(took).hasSizeGreaterThan(RUNS / 2);
    took.sort(Duration::compareTo);
    assertThat(took.getLast()).as("%s", took).isLessThan(Duration.ofMillis(1_000));
  }

  private static List<Duration> takeovers(long seed, Step step) {
    LoadShape load = new LoadShape(seed, 100, Duration.ofSeconds(6), 3, "primary", 0);
    Setup setup =
        new Setup(
            3,
            3,
            3,
            Guarantee.EXACTLY_ONCE,
            Duration.ofMillis(50),
            load,
            Duration.ofSeconds(6),
            400,
            600,
            200,
            0,
            1,
            100,
            1);
    Schedule schedule = new Schedule(seed, 0, setup, List.of(step));
    Ending ending =
        OneCarrier.run(
            _ -> Simulation.run(schedule, Engines.shipped(), Disks.MEMORY, new Trace(0)));
    assertThat(ending.failures()).isEmpty();
    return ending.takeovers();
  }
}
