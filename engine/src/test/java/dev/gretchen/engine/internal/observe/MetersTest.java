package dev.gretchen.engine.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Meter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetersTest {

  private final Meters meters = new Meters();

  @Test
  void exposesEachMeterUnderTheNameTypeAndHelpThatItsConstantGives() {
    for (Meter meter : Meter.values()) {
      touch(meter);
    }
    String text = meters.scrape();
    for (Meter meter : Meter.values()) {
      assertThat(text)
          .contains("# HELP " + meter.exposed() + " " + meter.help() + "\n")
          .contains("# TYPE " + meter.exposed() + " " + type(meter) + "\n");
    }
  }

  @Test
  void exposesNothingThatHasNoConstant() {
    List<String> known =
        Stream.of(Meter.values())
            .flatMap(meter -> Stream.of(meter.exposed(), meter.exposed() + "_max"))
            .toList();
    assertThat(meters.scrape().lines().filter(line -> line.startsWith("# TYPE ")))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(known).contains(line.split(" ")[2]));
  }

  @Test
  void showsACounterWithKnownLabelsAtZeroBeforeAnythingHasHappened() {
    assertThat(meters.scrape())
        .contains("gretchen_commits_total{outcome=\"refused\"} 0.0")
        .contains("gretchen_recovered_records_total 0.0")
        .doesNotContain("gretchen_events_late_total{");
  }

  @Test
  void refusesALabelThatNoDashboardWouldShow() {
    assertThatThrownBy(() -> meters.committed("lost", 1))
        .hasMessageContaining("gretchen.commits has no outcome 'lost'");
    assertThatThrownBy(() -> meters.gauge(Meter.TASKS, () -> 1))
        .hasMessageContaining("gretchen.tasks has the labels [stage], found 0 values");
  }

  /// One sample, where there is none from the start.
  private void touch(Meter meter) {
    switch (meter.kind()) {
      case GAUGE -> {
        if (meter != Meter.HEAP_BYTES) {
          meters.gauge(meter, () -> 1, anyLabels(meter));
        }
      }
      case COUNTER -> {
        if (meter == Meter.EVENTS_HANDLED) {
          meters.handled("t", 1);
        } else if (meter == Meter.EVENTS_LATE) {
          meters.late("t");
        } else if (meter == Meter.CHANNEL_FAILURES) {
          meters.channelFailed("c");
        } else {
          assertThat(meter.isClosed()).as("%s is there from the start", meter).isTrue();
        }
      }
      case TIMER -> meters.committed("committed", 1);
    }
  }

  private static String[] anyLabels(Meter meter) {
    return meter.labels().stream().map(label -> label.values().getFirst()).toArray(String[]::new);
  }

  private static String type(Meter meter) {
    return meter.kind() == Meter.Kind.TIMER
        ? "histogram"
        : meter.kind().name().toLowerCase(Locale.ROOT);
  }
}
