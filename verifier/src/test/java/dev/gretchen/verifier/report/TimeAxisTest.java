package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.verdict.Timeline;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeAxisTest {

  @Test
  void countsSecondsFromTheStartOfTheLoad() {
    TimeAxis axis =
        TimeAxis.of(Samples.passing(), timeline(Samples.START - 7_000, Samples.START + 60_000));

    assertThat(axis.moment(Samples.START + 12_340)).isEqualTo("12.3 s");
    assertThat(axis.ticks())
        .extracting(TimeAxis.Tick::label)
        .containsExactly("0", "10", "20", "30", "40", "50", "60");
    assertThat(axis.x(Samples.START - 7_000)).isEqualTo("0%");
    assertThat(axis.x(Samples.START + 60_000)).isEqualTo("100%");
  }

  @Test
  void showsWhatCameBeforeTheLoadAsNegative() {
    TimeAxis axis =
        TimeAxis.of(Samples.passing(), timeline(Samples.START - 30_000, Samples.START + 30_000));

    assertThat(axis.ticks().getFirst().label()).isEqualTo("−30");
  }

  @Test
  void keepsToFewTicksForAnyLength() {
    for (long seconds : new long[] {1, 9, 61, 3_600, 28_800, 30 * 86_400L, 3_000_000_000L}) {
      TimeAxis axis = new TimeAxis(0, 0, seconds * 1000);
      assertThat(axis.ticks()).hasSizeBetween(2, 14);
    }
  }

  @Test
  void isEmptyWhenNeitherRunNorTimelineLasted() {
    assertThat(TimeAxis.of(Samples.bare(), Samples.emptyTimeline()).empty()).isTrue();
    assertThat(TimeAxis.of(Samples.passing(), Samples.emptyTimeline()).empty()).isFalse();
  }

  private static Timeline timeline(long start, long end) {
    return new Timeline(start, end, List.of(), List.of(), List.of());
  }
}
