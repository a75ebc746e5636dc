package dev.gretchen.dashboards.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.dashboards.live.LiveEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultMetricsTest {

  @Test
  void tellsEachFaultInForceOnce() {
    LiveEvent.Struck kill = new LiveEvent.Struck(1, "P1", "kill-worker", "w1", true);
    LiveEvent.Struck again = new LiveEvent.Struck(2, "P1", "kill-worker", "w1", true);
    LiveEvent.Struck broker = new LiveEvent.Struck(3, "B1", "kill-broker", "broker-2", false);
    assertThat(FaultMetrics.render("word-colors", List.of(kill, again, broker)))
        .isEqualTo(
            """
            # HELP gretchen_fault_active 1 while a fault is in force.
            # TYPE gretchen_fault_active gauge
            gretchen_fault_active{app="word-colors",kind="kill-broker",target="broker-2"} 1
            gretchen_fault_active{app="word-colors",kind="kill-worker",target="w1"} 1
            """);
  }

  @Test
  void tellsNothingWhileNothingIsDone() {
    assertThat(FaultMetrics.render("word-colors", List.of())).doesNotContain("{");
  }
}
