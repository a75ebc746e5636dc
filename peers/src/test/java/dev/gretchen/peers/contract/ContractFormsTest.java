package dev.gretchen.peers.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class ContractFormsTest {

  @Test
  void lineageNamesSourceRangeWorkerGenerationAndEpoch() {
    Lineage lineage = Lineage.of("colors", 3, "w1", 7, 42);
    assertThat(text(lineage.value(0, 1234567890123L)))
        .isEqualTo("v1,colors,3,0,1234567890123,w1,7,42");
  }

  @Test
  void windowsAreDroppedWhenStreamTimeHasPassedTheirEndByTheRetention() {
    long start = Windows.start(90_000);
    assertThat(start).isEqualTo(60_000);
    assertThat(Windows.isExpired(start, 60_000 + 60_000 + 3_600_000)).isTrue();
    assertThat(Windows.isExpired(start, 60_000 + 60_000 + 3_600_000 - 1)).isFalse();
  }

  @Test
  void keysCarryTheirTag() {
    assertThat(Keys.plain(new byte[] {'a'})).containsExactly(1, 'a');
    byte[] windowed = Keys.windowed(60_000, new byte[] {'a'});
    assertThat(windowed).hasSize(10).startsWith(2).endsWith('a');
    assertThat(Keys.windowStart(windowed)).isEqualTo(60_000);
  }

  @Test
  void knowsThePalettesOfTheContract() {
    assertThat(CssColors.NAMES).hasSize(148);
    assertThat(Palette.parse("primary").contains("red")).isTrue();
    assertThat(Palette.parse("synthetic:10").contains("c9")).isTrue();
    assertThat(Palette.parse("synthetic:10").contains("c10")).isFalse();
    assertThatThrownBy(() -> Palette.parse("pastel")).hasMessageContaining("pastel");
  }

  @Test
  void aRecordWithoutAnIdIsRefused() {
    assertThatThrownBy(() -> EventId.of(new RecordHeaders()))
        .hasMessageContaining("event-id of 8 bytes");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
