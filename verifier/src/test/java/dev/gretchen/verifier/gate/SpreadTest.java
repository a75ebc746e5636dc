package dev.gretchen.verifier.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpreadTest {

  @Test
  void isMedianAndMedianDistance() {
    Spread spread = Spread.of(new double[] {5, 1, 3, 100, 2});

    assertThat(spread.middle()).isEqualTo(3);
    // distances 2, 2, 0, 97, 1
    assertThat(spread.spread()).isCloseTo(2 * 1.4826 * 1.206, within(1e-9));
    assertThat(Spread.of(new double[] {4}).spread()).isZero();
    assertThat(Spread.median(new double[] {4, 8})).isEqualTo(6);
    assertThatThrownBy(() -> Spread.of(new double[0])).hasMessageContaining("nothing");
  }

  /// However wild two of five values are, the middle stays among the three others.
  @Property
  void isNotMovedByAMinority(
      @ForAll @Size(3) double[] sound, @ForAll double wild, @ForAll double wilder) {
    double[] all = Arrays.copyOf(sound, 5);
    all[3] = wild;
    all[4] = wilder;
    double least = Arrays.stream(sound).min().orElseThrow();
    double most = Arrays.stream(sound).max().orElseThrow();
    assertThat(Spread.median(all)).isBetween(least, most);
  }

  @Property
  void movesAndGrowsWithItsValues(
      @ForAll @Size(min = 1, max = 20) List<@DoubleRange(min = -1e6, max = 1e6) Double> some,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double shift,
      @ForAll @DoubleRange(min = 0.1, max = 10) double scale) {
    double[] values = some.stream().mapToDouble(Double::doubleValue).toArray();
    Spread before = Spread.of(values);
    Spread after = Spread.of(Arrays.stream(values).map(each -> each * scale + shift).toArray());

    assertThat(after.middle()).isCloseTo(before.middle() * scale + shift, within(1e-3));
    assertThat(after.spread()).isCloseTo(before.spread() * scale, within(1e-3));
  }

  /// On the average the spread of few normal values is their standard deviation.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 7, 9, 10, 30})
  void isTheDeviationOfNormalValues(int count) {
    Random random = new Random(count);
    double sum = 0;
    int times = 40_000;
    for (int i = 0; i < times; i++) {
      double[] values = new double[count];
      Arrays.setAll(values, _ -> random.nextGaussian());
      sum += Spread.of(values).spread();
    }
    assertThat(sum / times).isCloseTo(1, within(0.05));
  }
}
