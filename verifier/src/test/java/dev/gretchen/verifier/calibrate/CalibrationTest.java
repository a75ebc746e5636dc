package dev.gretchen.verifier.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.verifier.PerfectApp;
import dev.gretchen.verifier.calibrate.MutantOutcome.State;
import dev.gretchen.verifier.judge.WrittenRun;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.report.Reports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The judge on trial, on a small generated run: long and slow enough for two windows.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CalibrationTest {

  private static final List<HistoryMutant> ALL = List.of(HistoryMutant.values());

  private Path folder;
  private Path recorded;
  private CalibrationResult result;

  @BeforeAll
  void calibrate(@TempDir Path temporary) {
    folder = temporary;
    recorded = new WrittenRun(new PerfectApp(plan())).write(folder).path();
    result = new Calibration(recorded, folder.resolve("all"), Set.of(), false).run(ALL, _ -> {});
  }

  @Test
  void everyMutantIsConvictedByTheRightPropertyAndByName() {
    assertThat(result.mutants())
        .hasSameSizeAs(ALL)
        .filteredOn(m -> !isOfOthers(m))
        .allSatisfy(m -> assertThat(m.state()).as(m.toString()).isEqualTo(State.KILLED))
        .hasSizeGreaterThan(50);
    assertThat(result.mutants())
        .filteredOn(CalibrationTest::isOfOthers)
        .as("it calls no service and gathers nothing")
        .allSatisfy(m -> assertThat(m.state()).as(m.toString()).isEqualTo(State.DOES_NOT_APPLY));
    assertThat(result.unproven()).isEmpty();
    assertThat(result.passed()).isTrue();
  }

  @Test
  void kafkasLossIsNotTheApps() {
    MutantOutcome gone = outcome(result, HistoryMutant.ACKNOWLEDGED_AND_GONE);
    assertThat(gone.convictedBy()).containsExactly("platform-log:words");
    assertThat(gone.sentence()).startsWith("Kafka acknowledged event #");
  }

  @Test
  void aZombieThatNoLogShowsByItselfIsOneWritersAlone() {
    assertThat(outcome(result, HistoryMutant.ZOMBIE_ELSEWHERE).convictedBy())
        .containsExactly("one-writer:words");
  }

  @Test
  void whatWorkersTellAccusesByOneCheckerEach() {
    assertThat(outcome(result, HistoryMutant.ASSIGNED_TWICE).convictedBy())
        .containsExactly("ownership-disjoint");
    assertThat(outcome(result, HistoryMutant.MOVED_TO_AND_FRO).convictedBy())
        .containsExactly("moves-caused");
    assertThat(outcome(result, HistoryMutant.RECOVERS_ITS_OWN).convictedBy())
        .containsExactly("clean-restart");
  }

  @Test
  void aCheckerThatIsSwitchedOffIsMissed() {
    assertThat(result.checkers()).hasSizeGreaterThan(10);
    for (String checker : result.checkers()) {
      List<HistoryMutant> its =
          Arrays.stream(HistoryMutant.values())
              .filter(m -> outcome(result, m).property().matches(checker + "(:.*)?"))
              .toList();
      CalibrationResult without =
          new Calibration(recorded, folder.resolve("without"), Set.of(checker), false)
              .run(its, _ -> {});
      assertThat(without.with(State.KILLED)).as(checker).isEmpty();
      assertThat(without.with(State.SURVIVED)).as(checker).hasSameSizeAs(its).isNotEmpty();
      assertThat(without.unproven()).as(checker).contains(checker);
      assertThat(without.passed()).as(checker).isFalse();
    }
  }

  @Test
  void aCheckerThatNoMutantConvictsByIsUnproven() {
    List<String> checkers = new ArrayList<>(result.checkers());
    checkers.add("a-new-one");
    CalibrationResult more =
        new CalibrationResult("run", "app", 1, List.of(), checkers, result.mutants());
    assertThat(more.unproven()).containsExactly("a-new-one");
    assertThat(more.passed()).isFalse();
    assertThat(CalibrationText.render(more)).contains("FAIL", "no mutant proves a-new-one");
  }

  @Test
  void someMutantsProveTheirOwnCheckersOnly() {
    CalibrationResult one =
        new Calibration(recorded, folder.resolve("one"), Set.of(), false)
            .run(List.of(HistoryMutant.OUTPUT_LOST), _ -> {});
    assertThat(one.checkers()).containsExactly("stream-exact");
    assertThat(one.passed()).isTrue();
  }

  @Test
  void theRecordedRunStaysAsItIs() throws IOException {
    Map<String, Integer> before = contents();
    new Calibration(recorded, folder.resolve("again"), Set.of(), true)
        .run(List.of(HistoryMutant.EVENT_COUNTED_TWICE, HistoryMutant.FAILED_AND_THERE), _ -> {});
    assertThat(contents()).isEqualTo(before).hasSizeGreaterThan(20);
    assertThat(folder.resolve("again/event-counted-twice").resolve(Reports.HTML)).isNotEmptyFile();
    assertThat(folder.resolve("all")).isEmptyDirectory();
  }

  @Test
  void aRunThatDoesNotPassCalibratesNothing() {
    Path failed = new WrittenRun(new PerfectApp(plan())).withoutStoreOf(1).write(folder).path();
    assertThatThrownBy(
            () -> new Calibration(failed, folder.resolve("x"), Set.of(), false).run(ALL, _ -> {}))
        .isInstanceOf(NotFitForCalibration.class)
        .hasMessageContaining("FAIL: store:color-total");
  }

  @Test
  void anUnknownCheckerIsNamedWithThoseThatThereAre() {
    assertThatThrownBy(() ->
            new Calibration(recorded, folder.resolve("x"), Set.of("stroe"), false)
                .run(ALL, _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'stroe'")
        .hasMessageContaining("stream-exact");
  }

  @Test
  void theTableShowsWhoConvictedWhomAndTheSentence() {
    String text = CalibrationText.render(result);
    assertThat(text)
        .containsPattern("(?m)^store-stale +(· )+X (· )*(\\+ )*(· )* killed$")
        .contains("┌ stream-exact\n")
        .contains("counts event #")
        .containsPattern(
            "PASS  \\d\\d of \\d\\d mutants of a run of word-colors with 2,000 events");
    assertThat(CalibrationJson.write(result, "this-judge"))
        .contains("\"schema\" : \"gretchen.calibration/1\"", "\"passed\" : true")
        .contains("\"mutant\" : \"zombie-writes\"");
  }

  private static boolean isOfOthers(MutantOutcome outcome) {
    HistoryMutant mutant = HistoryMutant.parse(outcome.mutant());
    return mutant.isOfServices() || mutant.isOfWindows();
  }

  private static MutantOutcome outcome(CalibrationResult result, HistoryMutant mutant) {
    return result.mutants().stream()
        .filter(m -> m.mutant().equals(mutant.text()))
        .findFirst()
        .orElseThrow();
  }

  private Map<String, Integer> contents() throws IOException {
    Map<String, Integer> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(recorded)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file.toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  private static LoadPlan plan() {
    return new LoadPlan(LoadShape.uniform(42, 20, Duration.ofSeconds(100), 4, "css"));
  }
}
