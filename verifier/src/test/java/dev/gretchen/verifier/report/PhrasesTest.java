package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PhrasesTest {

  @Test
  void saysDurationsInTheUnitsOfAPerson() {
    assertThat(Phrases.duration(0)).isEqualTo("0 ms");
    assertThat(Phrases.duration(420)).isEqualTo("420 ms");
    assertThat(Phrases.duration(12_340)).isEqualTo("12.3 s");
    assertThat(Phrases.duration(59_990)).isEqualTo("60.0 s");
    assertThat(Phrases.duration(131_400)).isEqualTo("2 min 11 s");
    assertThat(Phrases.duration(3_600_000)).isEqualTo("1 h");
    assertThat(Phrases.duration(8 * 3_600_000 + 120_000)).isEqualTo("8 h 2 min");
  }

  @Test
  void saysNumbersShort() {
    assertThat(Phrases.compact(9_999)).isEqualTo("9,999");
    assertThat(Phrases.compact(12_000)).isEqualTo("12k");
    assertThat(Phrases.compact(3_400_000)).isEqualTo("3.4M");
    assertThat(Phrases.count(1, "anomaly")).isEqualTo("1 anomaly");
    assertThat(Phrases.count(1_200, "anomaly")).isEqualTo("1,200 anomalies");
  }

  @Test
  void neverCutsACharacterInHalf() {
    assertThat(PlainText.clip("ab\ud83e\udd86cd", 4)).isEqualTo("ab…");
    assertThat(PlainText.clip("ab\ud83e\udd86", 4)).isEqualTo("ab\ud83e\udd86");
  }
}
