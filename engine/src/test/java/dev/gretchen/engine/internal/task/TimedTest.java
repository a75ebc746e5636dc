package dev.gretchen.engine.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Codecs;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class TimedTest {

  private final Timed.Format<String> format = new Timed.Format<>(Codecs.utf8());

  @Property(tries = 200)
  void keepsValueAndTime(@ForAll long at, @ForAll int number) {
    Timed<String> timed = new Timed<>(at, "value " + number);
    byte[] bytes = format.encode(timed);

    assertThat(format.decode(bytes)).isEqualTo(timed);
    assertThat(Timed.Format.timeOf(bytes)).isEqualTo(at);
    assertThat(new Timed.Bare<>(format).decode(bytes)).isEqualTo("value " + number);
  }

  @Example
  void findsOutWhatWasWrittenWithoutATime() {
    for (byte[] bare :
        new byte[][] {
          Codecs.utf8().encode("a text that is long enough"),
          Codecs.int64().encode(7L),
          Codecs.utf8().encode("{\"count\":1200000}"),
          {}
        }) {
      assertThatThrownBy(() -> format.decode(bare))
          .hasMessageContaining("kept without expireAfter(...) before")
          .hasMessageContaining("another name");
    }
  }

  @Example
  void expiresWhenStreamTimeHasPassedItsLastWriteByItsLifetime() {
    assertThat(Timed.isExpired(1_000, 50, 1_049)).isFalse();
    assertThat(Timed.isExpired(1_000, 50, 1_050)).isTrue();
    assertThat(Timed.isExpired(1_000, 50, Long.MIN_VALUE)).as("no event yet").isFalse();
  }
}
