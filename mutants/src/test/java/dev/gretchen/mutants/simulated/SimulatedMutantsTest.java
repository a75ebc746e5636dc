package dev.gretchen.mutants.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.testkit.sim.OneCarrier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The simulator on trial: it must find each of the broken engines.
class SimulatedMutantsTest {

  @ParameterizedTest
  @EnumSource
  void isFound(SimulatedMutant mutant) {
    SimulatedTrial.Found found = OneCarrier.run(_ -> SimulatedTrial.find(mutant, 1));
    assertThat(found.always()).as(found.toString()).isTrue();
  }
}
