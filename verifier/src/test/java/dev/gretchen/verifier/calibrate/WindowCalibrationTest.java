package dev.gretchen.verifier.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.PerfectViews;
import dev.gretchen.verifier.calibrate.MutantOutcome.State;
import dev.gretchen.verifier.judge.WrittenViews;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The judge on trial where events are gathered from several topics and windows, sessions and keys
/// that expire are kept behind that, on a small generated run.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WindowCalibrationTest {

  private static final List<HistoryMutant> WINDOWS =
      Arrays.stream(HistoryMutant.values()).filter(HistoryMutant::isOfWindows).toList();

  private Path folder;
  private Path recorded;
  private CalibrationResult result;

  @BeforeAll
  void calibrate(@TempDir Path temporary) {
    folder = temporary;
    recorded = WrittenViews.write(new PerfectViews(PerfectViews.load(42)), folder).path();
    result =
        new Calibration(recorded, folder.resolve("all"), Set.of(), false)
            .run(List.of(HistoryMutant.values()), _ -> {});
  }

  @Test
  void everyMutantOfWindowsIsConvictedByTheRightPropertyAndByName() {
    assertThat(WINDOWS).hasSizeGreaterThan(10);
    for (HistoryMutant mutant : WINDOWS) {
      MutantOutcome outcome = outcome(mutant);
      assertThat(outcome.state()).as(outcome.toString()).isEqualTo(State.KILLED);
    }
  }

  @Test
  void whatIsNotOfWindowsIsConvictedHereTooWhereItApplies() {
    assertThat(result.with(State.SURVIVED)).isEmpty();
    for (HistoryMutant mutant :
        List.of(
            HistoryMutant.WINDOW_OFF_BY_ONE,
            HistoryMutant.LATE_EVENT_COUNTED,
            HistoryMutant.TORN_TRANSACTION,
            HistoryMutant.ACKNOWLEDGED_AND_GONE)) {
      assertThat(outcome(mutant).state()).as(mutant.text()).isEqualTo(State.KILLED);
    }
  }

  @Test
  void noCheckerOfWindowsIsUnproven() {
    assertThat(result.checkers())
        .contains("gathered", "late", "closed", "dropped", "sessions", "expiring", "timer");
    assertThat(result.unproven())
        .doesNotContain("gathered", "late", "closed", "dropped", "sessions", "expiring", "timer");
  }

  private MutantOutcome outcome(HistoryMutant mutant) {
    return result.mutants().stream()
        .filter(each -> each.mutant().equals(mutant.text()))
        .findFirst()
        .orElseThrow();
  }
}
