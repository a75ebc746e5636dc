package dev.gretchen.cli;

import dev.gretchen.verifier.calibrate.Calibration;
import dev.gretchen.verifier.calibrate.CalibrationJson;
import dev.gretchen.verifier.calibrate.CalibrationResult;
import dev.gretchen.verifier.calibrate.CalibrationText;
import dev.gretchen.verifier.calibrate.HistoryMutant;
import dev.gretchen.verifier.calibrate.JudgeHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gretchen calibrate`: the judge on trial.
@Command(
    name = "calibrate",
    description = {
      "Puts the judge on trial: falsifies a recorded run in more than fifty ways, one edit each, and demands that the judge convicts each by the right property, names the culprit, and accuses nobody else.",
      "",
      "Examples: ./gretchen calibrate runs/word-colors/latest",
      "          ./gretchen calibrate --without store           what one checker is good for",
      "          ./gretchen calibrate --mutant zombie-writes --keep    and look at its report.html"
    },
    footer = {
      "",
      "Writes calibration.json and calibration.txt: the table mutant x checker, and the sentence that convicts each mutant.",
      "Exit status: 0 every mutant is convicted and every checker is proven by one; 1 a mutant survives, or no mutant proves a checker; 3 the environment; 64 wrong usage, or a run that did not pass; 130 after Ctrl-C."
    },
    sortOptions = false)
final class CalibrateCommand implements Callable<Integer> {

  private static final int FAIL = 1;

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      defaultValue = "runs/word-colors/latest",
      description = "the directory of a run that passed (default: ${DEFAULT-VALUE})")
  private Path run = Path.of(".");

  @Option(
      names = "--without",
      paramLabel = "CHECKER,...",
      split = ",",
      description = "switches checkers off, such as stream-exact; the calibration then fails")
  private @Nullable Set<String> without;

  @Option(
      names = "--mutant",
      paramLabel = "NAME,...",
      split = ",",
      description = "only these mutants (default: all)")
  private @Nullable List<String> names;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "where to write to (default: calibration, in the run's directory)")
  private @Nullable Path out;

  @Option(
      names = "--keep",
      description = "keeps the falsified runs below --out, each with its report.html")
  private boolean keep;

  @Option(
      names = "--simulated",
      description = "afterwards looks for the broken engines of mutants/ in the simulator, too")
  private boolean simulated;

  @Option(
      names = "--hash",
      description = "prints what names this judge, and in its calibration.json, and does no more")
  private boolean hash;

  @Override
  public Integer call() {
    if (hash) {
      System.out.println(JudgeHash.ofThisJudge());
      return ExitStatus.OK;
    }
    List<HistoryMutant> mutants =
        names == null
            ? List.of(HistoryMutant.values())
            : names.stream().map(HistoryMutant::parse).distinct().toList();
    Path folder = out == null ? run.resolve("calibration") : out;
    CalibrationResult result =
        new Calibration(run, folder, without == null ? Set.of() : without, keep)
            .run(mutants, outcome -> System.err.println(CalibrationText.line(outcome)));
    String text = CalibrationText.render(result);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("calibration.txt"), text);
      Files.writeString(
          folder.resolve("calibration.json"),
          CalibrationJson.write(result, JudgeHash.ofThisJudge()));
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot write the calibration to " + folder, cause);
    }
    System.out.print(text);
    int status = result.passed() ? ExitStatus.OK : FAIL;
    return simulated ? Math.max(status, simulate()) : status;
  }

  /// The broken engines live in a module that nothing here may know, so they run as a process.
  private static int simulate() {
    Path lib = Apps.atHome().home().resolve("mutants/target/lib");
    if (!Files.isDirectory(lib)) {
      throw new UncheckedIOException(
          lib + " cannot be read; is the project built?", new IOException("no such folder"));
    }
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-Dlogback.configurationFile=simulated-trial-logback.xml",
            "-cp",
            lib + "/*",
            "dev.gretchen.mutants.simulated.SimulatedTrial",
            "--starts=1");
    System.out.println();
    System.out.println("Broken engines in the simulator:");
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      try {
        return process.waitFor() == 0 ? ExitStatus.OK : FAIL;
      } catch (InterruptedException _) {
        return ExitStatus.INTERRUPTED;
      } finally {
        process.destroy();
      }
    } catch (IOException cause) {
      throw new UncheckedIOException("the simulator cannot be started", cause);
    }
  }
}
