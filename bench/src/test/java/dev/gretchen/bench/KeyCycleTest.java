package dev.gretchen.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCycleTest {

  @ParameterizedTest
  @ValueSource(ints = {10_000, 10_007, 65_536, 1_000_000})
  void visitsEachKeyOnceInACycle(int keys) {
    KeyCycle cycle = new KeyCycle(keys);
    for (int round = 0; round < 2; round++) {
      BitSet seen = new BitSet();
      for (long index = (long) round * keys; index < (round + 1L) * keys; index++) {
        seen.set(cycle.number(index));
      }
      assertThat(seen.cardinality()).isEqualTo(keys);
    }
  }

  /// Otherwise a store would get its keys nearly sorted.
  @Test
  void spreadsAnyStretchOverAllKeys() {
    KeyCycle cycle = new KeyCycle(1_000_000);
    int[] tenths = new int[10];
    for (long index = 123_456; index < 124_456; index++) {
      tenths[cycle.number(index) / 100_000]++;
    }
    assertThat(Arrays.stream(tenths)).allMatch(part -> part >= 90 && part <= 110);
  }

  @Test
  void overflowsNowhereNearTheMostKeys() {
    KeyCycle cycle = new KeyCycle(100_000_000);
    assertThat(cycle.number(99_999_999)).isBetween(0, 99_999_999);
    assertThatThrownBy(() -> new KeyCycle(100_000_001)).hasMessageContaining("--keys");
  }
}
