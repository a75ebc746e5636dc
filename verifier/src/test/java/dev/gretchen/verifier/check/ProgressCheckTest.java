package dev.gretchen.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressCheckTest {

  private static final long LOAD_START = 1_000_000;

  private final LoadPlan plan =
      new LoadPlan(new LoadShape(1, 10, Duration.ofSeconds(300), 1, "primary", 0));
  private final MemoryLog stream = new MemoryLog("colors", 1);

  @Test
  void aSilenceInWhichAllBrokersWereAwayIsNobodysFault() {
    outputs(100_000);
    Moment away = fault("broker-outage", 1_000, 91_000);
    assertThat(check(away).status()).hasToString("PASS");
  }

  @Test
  void theSameSilenceThroughAnyOtherFaultIsStalled() {
    outputs(100_000);
    assertThat(check(fault("cut-worker", 1_000, 91_000)).anomalies())
        .extracting(Anomaly::kind)
        .containsExactly("stalled");
  }

  @Test
  void whatComesAfterTheBrokersAreBackCounts() {
    outputs(190_000);
    assertThat(check(fault("broker-outage", 1_000, 91_000)).anomalies())
        .extracting(Anomaly::kind)
        .containsExactly("stalled");
  }

  /// The first event's output after so many milliseconds, and one right behind it.
  private void outputs(long millis) {
    for (int i = 0; i < 2; i++) {
      long at = LOAD_START + millis + i;
      stream.append(0, at, at, new byte[] {1}, new byte[] {1}, plan.event(i).id(), null);
    }
  }

  private static Moment fault(String kind, long at, long healedAt) {
    return new Moment(kind, "each broker", LOAD_START + at, LOAD_START + healedAt, false);
  }

  private Property check(Moment fault) {
    Witness witness = new Witness(plan, stream, List.of(fault));
    return ProgressCheck.check(witness, stream, LOAD_START, LOAD_START + 200_000);
  }
}
