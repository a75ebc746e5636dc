package dev.gretchen.verifier.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.PerfectChat;
import dev.gretchen.verifier.calibrate.MutantOutcome.State;
import dev.gretchen.verifier.judge.WrittenChat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The judge on trial for a chat, on a small generated run.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatCalibrationTest {

  private static final List<HistoryMutant> CHAT =
      Arrays.stream(HistoryMutant.values()).filter(HistoryMutant::isOfChat).toList();

  private CalibrationResult result;

  @BeforeAll
  void calibrate(@TempDir Path folder) {
    PerfectChat app = new PerfectChat(PerfectChat.load(42, Duration.ofSeconds(60)));
    Path recorded = WrittenChat.write(app, folder).path();
    result =
        new Calibration(recorded, folder.resolve("all"), Set.of(), false)
            .run(List.of(HistoryMutant.values()), _ -> {});
  }

  @Test
  void everyMutantOfAChatIsConvictedByTheRightPropertyAndByName() {
    assertThat(CHAT).hasSizeGreaterThan(20);
    for (HistoryMutant mutant : CHAT) {
      MutantOutcome outcome = outcome(mutant);
      assertThat(outcome.state()).as(outcome.toString()).isEqualTo(State.KILLED);
    }
  }

  @Test
  void whatIsOfEveryAppIsConvictedHereTooWhereItApplies() {
    assertThat(result.with(State.SURVIVED)).isEmpty();
    for (HistoryMutant mutant :
        List.of(
            HistoryMutant.STORE_DIVERGES,
            HistoryMutant.OFFSET_BEHIND,
            HistoryMutant.ACKNOWLEDGED_AND_GONE)) {
      assertThat(outcome(mutant).state()).as(mutant.text()).isEqualTo(State.KILLED);
    }
  }

  @Test
  void noCheckerOfAChatIsUnproven() {
    String[] checkers = {
      "admission",
      "rejection",
      "broken-events",
      "numbering",
      "bans",
      "posted",
      "recent",
      "room-order",
      "resumption",
      "reads",
      "withholding",
      "leaks",
      "complete-before-served",
      "client-posts",
      "moderators"
    };
    assertThat(result.checkers()).contains(checkers);
    assertThat(result.unproven()).doesNotContain(checkers);
  }

  private MutantOutcome outcome(HistoryMutant mutant) {
    return result.mutants().stream()
        .filter(each -> each.mutant().equals(mutant.text()))
        .findFirst()
        .orElseThrow();
  }
}
