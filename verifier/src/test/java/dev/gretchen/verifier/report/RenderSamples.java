package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// Writes the samples into the folder given as argument, for looking at them in a browser; the
/// golden files are those of the folder `fail`.
final class RenderSamples {

  private RenderSamples() {}

  static void main(String[] args) throws IOException {
    Path dir = Path.of(args[0]);
    List<String> topics = List.of("color-requests", "colors");
    Verdict pass = Samples.passing();
    Reports.write(
        dir.resolve("pass"), pass, Samples.timeline(pass, 125, topics, 8, 3, 1000), Samples.REPRO);
    Verdict fail = Samples.failing();
    Timeline flagged =
        Samples.flagged(
            Samples.timeline(fail, 125, topics, 8, 3, 1000),
            List.of(
                new Timeline.Mark(Samples.START + 46_400, "doubled: red in color-counts-3"),
                new Timeline.Mark(Samples.START + 46_500, "doubled: teal in color-counts-5"),
                new Timeline.Mark(
                    Samples.START + 118_000, "doubled: rebeccapurple in color-counts-3")));
    Reports.write(dir.resolve("fail"), fail, flagged, Samples.REPRO);
    Verdict huge = huge();
    Reports.write(
        dir.resolve("huge"), huge, Samples.timeline(huge, 3600, List.of("colors"), 40, 12, 20_000));
    Reports.write(dir.resolve("hostile"), Samples.hostile(), Samples.hostileTimeline());
    Reports.write(dir.resolve("vacuous"), Samples.vacuous(), Samples.emptyTimeline());
    Reports.write(dir.resolve("bare"), Samples.bare(), Samples.emptyTimeline());
    Files.writeString(
        dir.resolve("fail/console.txt"),
        ConsoleSummary.render(
            fail, Samples.REPRO, Path.of("runs/word-colors/latest/report.html"), false));
  }

  static Verdict huge() {
    return Samples.verdict(
        Outcome.PASS,
        "Every one of 71,998,120 events was counted exactly once, through 30 faults.",
        Samples.passingProperties(),
        Samples.faults(30, 3_600_000, 12, new Random(5)));
  }
}
