package dev.gretchen.mutants.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.simulation.Campaign;
import dev.gretchen.simulation.Disks;
import dev.gretchen.simulation.Trial;
import dev.gretchen.testkit.sim.OneCarrier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The simulator on trial: it must find each of the broken engines.
class SimulatedMutantsTest {

  private static final long FIRST = 500_000;
  private static final int SEEDS_MAX = 500;

  /// So many failing schedules are looked at.
  private static final int FAILURES = 5;

  @ParameterizedTest
  @EnumSource
  void isFound(SimulatedMutant mutant) {
    SimulatedTrial.Found found = OneCarrier.run(_ -> SimulatedTrial.find(mutant, 1));
    assertThat(found.always()).as(found.toString()).isTrue();
  }

  /// What is wrong with windows shows elsewhere too, in stores for instance: it is the property
  /// that it breaks which must be among the first to say so.
  @ParameterizedTest
  @CsvSource({
    "WINDOW_BOUNDARY_OFF_BY_ONE,   changelog-prefix:page-",
    "LATE_EVENT_RESTARTS_A_WINDOW, late:",
    "WINDOW_CLOSES_AGAIN,          closed:page-window",
    "TOMBSTONES_UNWRITTEN,         dropped:page-",
    "STANDBYS_FORGET_EXPIRY,       standby-prefix:",
    "SESSIONS_NOT_MERGED,          sessions:user-session",
    "TIMER_FIRES_AGAIN,            timer"
  })
  void isFoundByThePropertyThatItBreaks(SimulatedMutant mutant, String property) {
    Trial trial = new Trial(mutant::engines, Disks.MEMORY, 0);
    Campaign.Result result =
        OneCarrier.run(_ ->
            new Campaign(trial::run, FAILURES)
                .run(Campaign.seeds(mutant.app(), FIRST, SEEDS_MAX), () -> false, _ -> {}));
    assertThat(result.failures())
        .anySatisfy(outcome ->
            assertThat(outcome.anomalies())
                .anySatisfy(anomaly -> assertThat(anomaly).startsWith(property)));
  }
}
