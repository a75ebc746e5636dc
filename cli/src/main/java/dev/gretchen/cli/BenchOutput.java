package dev.gretchen.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What the commands of the benchmarks have in common: where their output goes, how they are run
/// again, how they end. Mixed into each.
final class BenchOutput {

  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final String OUT = "--out";
  private static final String RESULTS = "--results";
  private static final List<String> PLACES = List.of(OUT, RESULTS);

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = OUT,
      paramLabel = "DIR",
      description = "folder for raw data and logs (default: runs/bench/<utc>)")
  private @Nullable Path out;

  @Option(
      names = RESULTS,
      paramLabel = "FILE",
      description =
          "the page to write to, pictures beside it (default: docs/results.md; with --quick results.md beside the raw data)")
  private @Nullable Path results;

  /// A benchmark that is ready to begin.
  interface Benchmark {

    /// @return whether all was as it should be
    boolean execute() throws InterruptedException;
  }

  /// Folder for raw data and logs; one with a name of its own unless the command line has one.
  Path folder() {
    Path named = out;
    if (named == null) {
      named = Path.of("runs", "bench", FOLDER.format(InstantSource.system().instant()));
      out = named;
    }
    return named;
  }

  /// The page to write.
  ///
  /// @param home this project's folder
  /// @param quick a quick look does not touch the project's own page
  Path page(Path home, boolean quick) {
    if (results != null) {
      return results;
    }
    return quick ? folder().resolve("results.md") : home.resolve("docs").resolve("results.md");
  }

  /// How to do it again. Where the output went changes no figure and is left out.
  List<String> command() {
    List<String> command = new ArrayList<>(List.of("./gretchen"));
    if (spec != null) {
      Iterator<String> given = spec.commandLine().getParseResult().originalArgs().iterator();
      while (given.hasNext()) {
        String word = given.next();
        if (PLACES.contains(word)) {
          given.next(); // its value
        } else if (PLACES.stream().noneMatch(place -> word.startsWith(place + "="))) {
          command.add(word);
        }
      }
    }
    return command;
  }

  /// Measures, until the end or Ctrl-C.
  ///
  /// @return the exit status
  int measure(Benchmark benchmark) {
    try (CtrlC _ = CtrlC.interruptsThisThread()) {
      return benchmark.execute() ? ExitStatus.OK : ExitStatus.WRONG_ANSWER;
    } catch (InterruptedException _) {
      System.err.println("interrupted; everything is stopped, what was measured is in " + folder());
      return ExitStatus.INTERRUPTED;
    }
  }
}
