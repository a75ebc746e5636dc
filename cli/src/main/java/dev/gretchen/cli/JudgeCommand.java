package dev.gretchen.cli;

import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.judge.Judge;
import dev.gretchen.verifier.judge.Judgement;
import dev.gretchen.verifier.report.ConsoleSummary;
import dev.gretchen.verifier.report.Reports;
import dev.gretchen.verifier.report.Repro;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `gretchen judge`: judges a finished run again, from its files alone.
@Command(
    name = "judge",
    description = {
      "Judges a finished run again, from its directory alone, and writes verdict and reports anew.",
      "",
      "Example: ./gretchen judge runs/word-colors/latest"
    },
    footer = {"", "Exit status: as of verify; 64 where it is no run directory."})
final class JudgeCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", description = "a run's directory")
  private Path run = Path.of(".");

  @Override
  public Integer call() {
    Judgement judgement = Judge.judge(run);
    judgement.write(new RunDirectory(run));
    try {
      Reports.write(run, judgement.verdict(), judgement.timeline());
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot write the reports of " + run, cause);
    }
    System.out.print(
        ConsoleSummary.render(
            judgement.verdict(),
            Repro.fromSeed(judgement.verdict()),
            run.resolve(Reports.HTML),
            false));
    return judgement.verdict().verdict().exitStatus();
  }
}
