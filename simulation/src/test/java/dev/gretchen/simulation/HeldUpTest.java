package dev.gretchen.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Guarantee;
import dev.gretchen.simulation.judge.SimFault;
import dev.gretchen.testkit.sim.OneCarrier;
import dev.gretchen.testkit.sim.Trace;
import dev.gretchen.verifier.load.LoadShape;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Poll loops that stand still, and second processes: what the simulation does to workers, and that
/// its judge sees what it should.
class HeldUpTest {

  private static final Duration AT = Duration.ofSeconds(3);

  @Test
  void aPollLoopThatStandsStillIsGivenUpBeforeKafkaGivesItUp() {
    for (long seed = 1; seed <= 10; seed++) {
      Ending ending = run(seed, new Step.Stall(AT, (int) (seed % 3), Duration.ofSeconds(12)));
      assertThat(ending.failures()).isEmpty();
      assertThat(ending.takeovers())
          .singleElement()
          .satisfies(took ->
              assertThat(took).isBetween(Duration.ofSeconds(7), Takeovers.BOUND_OF_A_STALL));
      assertThat(evicted(ending)).containsExactly("w" + seed % 3);
    }
  }

  @Test
  void aPollLoopThatStandsStillForAWhileCostsItsWorkerNothing() {
    for (long seed = 1; seed <= 10; seed++) {
      Ending ending = run(seed, new Step.Stall(AT, (int) (seed % 3), Duration.ofMillis(6_500)));
      assertThat(ending.failures()).isEmpty();
      assertThat(evicted(ending)).isEmpty();
    }
  }

  @Test
  void aSecondProcessOnADiskIsTurnedAwayAndNobodyNotices() {
    for (long seed = 1; seed <= 10; seed++) {
      Ending ending = run(seed, new Step.Twin(AT, (int) (seed % 3)));
      assertThat(ending.failures()).isEmpty();
      assertThat(evicted(ending)).isEmpty();
      assertThat(ending.look().faults())
          .singleElement()
          .extracting(SimFault::kind, SimFault::nature)
          .containsExactly("twin", SimFault.Nature.CLEAN);
    }
  }

  private static List<String> evicted(Ending ending) {
    return ending.look().faults().stream()
        .filter(fault -> fault.kind().equals("evicted"))
        .map(SimFault::target)
        .toList();
  }

  private static Ending run(long seed, Step step) {
    LoadShape load = new LoadShape(seed, 100, Duration.ofSeconds(8), 3, "primary", 0);
    Setup setup =
        new Setup(
            3,
            3,
            3,
            Guarantee.EXACTLY_ONCE,
            Duration.ofMillis(50),
            load,
            Duration.ofSeconds(15),
            400,
            600,
            200,
            0,
            1,
            100,
            1,
            1);
    Schedule schedule = new Schedule(seed, 0, setup, List.of(step));
    return OneCarrier.run(
        _ -> Simulation.run(schedule, Engines.shipped(), Disks.MEMORY, new Trace(0)));
  }
}
