package dev.gretchen.cli;

import dev.gretchen.bench.Takeover;
import dev.gretchen.bench.TakeoverFault;
import dev.gretchen.bench.TakeoverOptions;
import dev.gretchen.bench.TakeoverSide;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `gretchen bench takeover`.
@Command(
    name = "takeover",
    description = {
      "How long nobody does a worker's work after kill -9 (or a pause, or a graceful restart): word-colors on 3 brokers and 3 workers, exactly-once, a hot standby.",
      "",
      "Example: ./gretchen bench takeover --quick --sides engine,streams-tuned"
    },
    footer = {
      "",
      "The last lines say 'ratio <x>' for each headline comparison.",
      "Exit status: 0 all took over and answered right; 1 one did not; 3 the harness or its environment; 64 wrong usage; 130 after Ctrl-C."
    },
    sortOptions = false)
final class BenchTakeoverCommand implements Callable<Integer> {

  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--quick", description = "a twentieth of the faults: a look of minutes")
  private boolean quick;

  @Option(
      names = "--fault",
      paramLabel = "WHAT",
      defaultValue = "kill",
      description =
          "kill (SIGKILL), pause (SIGSTOP past eviction) or restart (SIGTERM, one after the other) (default: ${DEFAULT-VALUE})")
  private String fault = "";

  @Option(
      names = "--sides",
      paramLabel = "LIST",
      defaultValue = "engine,streams-tuned,streams-default",
      description = "who takes part (default: ${DEFAULT-VALUE})")
  private String sides = "";

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "how often each side is hit (default: 100, 20 and 3)")
  private @Nullable Integer kills;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "10000",
      description = "how many colours, which is how much state (default: ${DEFAULT-VALUE})")
  private int keys;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "2000",
      description = "events a second (default: ${DEFAULT-VALUE})")
  private int rate;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "folder for raw data and logs (default: runs/bench/<utc>)")
  private @Nullable Path out;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description =
          "the page to write the table to, its picture beside it (default: docs/results.md; with --quick results.md beside the raw data)")
  private @Nullable Path results;

  @Override
  public Integer call() {
    TakeoverOptions options = options();
    try (CtrlC _ = CtrlC.interruptsThisThread()) {
      return new Takeover(options, System.out::println, InstantSource.system()).execute()
          ? ExitStatus.OK
          : ExitStatus.WRONG_ANSWER;
    } catch (InterruptedException _) {
      System.err.println(
          "interrupted; everything is stopped, what was measured is in " + options.out());
      return ExitStatus.INTERRUPTED;
    }
  }

  private TakeoverOptions options() {
    Path folder =
        out == null
            ? Path.of("runs", "bench", FOLDER.format(InstantSource.system().instant()))
            : out;
    Path home = Apps.atHome().home();
    return new TakeoverOptions(
        home,
        TakeoverFault.parse(fault),
        TakeoverSide.parse(sides),
        kills,
        quick,
        keys,
        rate,
        folder,
        page(home, folder),
        command());
  }

  private Path page(Path home, Path folder) {
    if (results != null) {
      return results;
    }
    return quick ? folder.resolve("results.md") : home.resolve("docs").resolve("results.md");
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(List.of("./gretchen"));
    if (spec != null) {
      command.addAll(spec.commandLine().getParseResult().originalArgs());
    }
    return command;
  }
}
