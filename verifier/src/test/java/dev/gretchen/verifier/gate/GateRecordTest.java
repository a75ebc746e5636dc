package dev.gretchen.verifier.gate;

import static dev.gretchen.verifier.gate.GateRuns.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.verifier.calibrate.CalibrationJson;
import dev.gretchen.verifier.calibrate.CalibrationResult;
import dev.gretchen.verifier.calibrate.JudgeHash;
import dev.gretchen.verifier.gate.GateRecord.Baseline;
import dev.gretchen.verifier.judge.NotARunDirectory;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.record.RecordedRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateRecordTest {

  @TempDir private Path runs;

  @Test
  void readsRunsCanariesAndCalibrations() throws Exception {
    new RecordedRuns(runs).passed("word-colors", 1, 1_000);
    new RecordedRuns(runs).begun("word-colors", 2, 2_000);
    new RecordedRuns(runs.resolve("canaries")).failed("word-colors", 3, 3_000, "lost", 3_100);
    Path calibration = runs.resolve("word-colors/run-1/calibration/calibration.json");
    write(calibration);

    GateInput input = read(null);

    assertThat(input.runs())
        .extracting(each -> each.entry().path())
        .containsExactly(
            runs.resolve("word-colors/run-1").toString(),
            runs.resolve("word-colors/run-2").toString());
    assertThat(input.canaries())
        .singleElement()
        .satisfies(canary -> assertThat(canary.violatesSafety()).isTrue());
    assertThat(input.calibrations())
        .containsExactly(
            new GateInput.StoredCalibration(calibration.toString(), "some-judge", true, 0));
    assertThat(input.judge()).isEqualTo(JudgeHash.ofThisJudge()).matches("[0-9a-f]{16}");
  }

  @Test
  void readsOneRun() throws Exception {
    Path one = new RecordedRuns(runs).passed("word-colors", 1, 1_000);
    new RecordedRuns(runs).passed("word-colors", 2, 2_000);

    GateInput input =
        new GateRecord(List.of(one), _ -> true, new Baseline.Of(runs), null).read(GateRuns.TODAY);

    assertThat(input.runs()).extracting(each -> each.entry().seed()).containsExactly(1L);
    assertThat(input.baseline()).hasSize(2);
  }

  @Test
  void takesACalibrationThatIsNamed() throws Exception {
    new RecordedRuns(runs).passed("word-colors", 1, 1_000);
    Path file = runs.resolve("mine.json");
    Files.writeString(file, "{}");

    assertThatThrownBy(() -> read(file))
        .isInstanceOf(NotARunDirectory.class)
        .hasMessageContaining("mine.json is no calibration");
    write(file);
    assertThat(read(file).calibrations()).hasSize(1);
  }

  @Test
  void saysWhichFolderIsNone() {
    GateRecord record =
        new GateRecord(List.of(runs.resolve("no-such")), _ -> true, new Baseline.None(), null);

    assertThatThrownBy(() -> record.read(GateRuns.TODAY))
        .isInstanceOf(NotARunDirectory.class)
        .hasMessageContaining("no-such is not a folder of runs");
  }

  @Test
  void comparesWithTheLastThatPassedAndWereAskedTheSame() {
    List<RecordedRun> record = new ArrayList<>();
    for (int i = 1; i <= 6; i++) {
      record.add(run().seed(i).at(i * 1_000L).done());
      record.add(run().seed(10 + i).at(i * 1_000L).asked("--partitions", "2").done());
    }
    record.add(run().seed(99).at(5_500).brokenOff());

    RecordedRun today = run().seed(1).at(6_000).asked("--seed=4").done();
    RecordedRun neverBegun = run().seed(2).at(0).brokenOff();
    assertThat(GateRecord.last(3, record, List.of(today, neverBegun)))
        .extracting(each -> each.entry().seed())
        .containsExactly(5L, 4L, 3L);
  }

  @Test
  void whereARunLiesAndWhatItsSeedWasIsNotWhatItWasAsked() {
    assertThat(Asked.of(run().asked("--runs", "a", "--seed=3", "--quiet", "--workers=2").done()))
        .isEqualTo(Asked.of(run().asked("--workers=2", "--runs=b").done()))
        .isNotEqualTo(Asked.of(run().asked("--workers=3").done()));
  }

  private GateInput read(@Nullable Path calibration) {
    return new GateRecord(List.of(runs), _ -> true, new Baseline.None(), calibration)
        .read(GateRuns.TODAY);
  }

  private static void write(Path calibration) throws Exception {
    Files.createDirectories(Objects.requireNonNull(calibration.getParent()));
    CalibrationResult result =
        new CalibrationResult("run-1", "word-colors", 10, List.of(), List.of(), List.of());
    Files.writeString(calibration, CalibrationJson.write(result, "some-judge"));
  }
}
