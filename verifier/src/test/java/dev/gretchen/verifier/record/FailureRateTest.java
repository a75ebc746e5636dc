package dev.gretchen.verifier.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureRateTest {

  @Test
  void threeHundredCleanRunsBoundItBelowOnePercent() {
    assertThat(FailureRate.of(300, 0).bound()).isLessThan(0.01);
    assertThat(FailureRate.of(298, 0).bound()).isGreaterThan(0.01);
  }

  /// Without failures the bound has a closed form.
  @Property
  void isTheRootWithoutFailures(@ForAll @IntRange(min = 1, max = 1_000_000) int runs) {
    assertThat(FailureRate.of(runs, 0).bound())
        .isCloseTo(-Math.expm1(Math.log(0.05) / runs), within(1e-9));
  }

  /// From published tables of the one-sided 95 % bound.
  @ParameterizedTest
  @CsvSource({"10, 1, 0.39416", "20, 2, 0.28262", "100, 5, 0.10225", "50, 49, 0.99897"})
  void isTheBoundOfClopperAndPearson(int runs, int failed, double bound) {
    assertThat(FailureRate.of(runs, failed).bound()).isCloseTo(bound, within(2e-5));
  }

  @Test
  void knowsHowManyCleanRunsBoundItByOnePercent() {
    assertThat(FailureRate.cleanRunsFor(0.01)).isEqualTo(299);
    assertThat(FailureRate.of(299, 0).bound()).isLessThan(0.01);
    assertThat(FailureRate.of(298, 0).bound()).isGreaterThan(0.01);
    assertThat(FailureRate.of(300, 0).bound()).isLessThan(0.01);
    assertThatThrownBy(() -> FailureRate.cleanRunsFor(0)).hasMessageContaining("by 0.0");
  }

  @Test
  void saysNothingWithoutRuns() {
    assertThat(FailureRate.of(0, 0).bound()).isEqualTo(1);
    assertThat(FailureRate.of(7, 7).bound()).isEqualTo(1);
    assertThatThrownBy(() -> FailureRate.of(3, 4)).hasMessageContaining("4 of 3 runs");
  }

  /// Series drawn at the very share that the bound names have so few failures in about one of
  /// twenty cases, and never in many more.
  @Test
  void isWrongInOneOfTwentySeries() {
    Random random = new Random(11);
    double share = 0.07;
    int wrong = 0;
    int series = 4_000;
    for (int i = 0; i < series; i++) {
      int failed = 0;
      for (int run = 0; run < 120; run++) {
        failed += random.nextDouble() < share ? 1 : 0;
      }
      wrong += FailureRate.of(120, failed).bound() < share ? 1 : 0;
    }
    assertThat(wrong / (double) series).isBetween(0.005, 0.06);
  }
}
