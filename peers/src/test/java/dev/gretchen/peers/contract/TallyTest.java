package dev.gretchen.peers.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {

  @Test
  void hasTheFormOfTheContract() {
    assertThat(new String(new Tally(12, 0x00f3c1d2a4b59687L).toJson(), StandardCharsets.UTF_8))
        .isEqualTo("{\"count\":12,\"fingerprint\":\"00f3c1d2a4b59687\"}");
    assertThat(Tally.zero().plus(1)).isEqualTo(new Tally(1, 0x5692161d100b05e5L));
  }

  @Property(tries = 200)
  void readsWhatItWrote(@ForAll @LongRange(min = 0) long count, @ForAll long mixed) {
    Tally tally = new Tally(count, mixed);
    assertThat(Tally.of(tally.toJson())).isEqualTo(tally);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"count\":x,\"fingerprint\":\"00f3c1d2a4b59687\"}"})
  void refusesWhatIsNoTally(String text) {
    assertThatThrownBy(() -> Tally.of(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a tally");
  }
}
