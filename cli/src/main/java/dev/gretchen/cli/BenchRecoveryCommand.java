package dev.gretchen.cli;

import dev.gretchen.bench.Recovery;
import dev.gretchen.bench.RecoveryOptions;
import dev.gretchen.bench.Side;
import dev.gretchen.bench.ThroughputOptions;
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

/// `gretchen bench recovery`.
@Command(
    name = "recovery",
    description = {
      "How fast a worker fills an empty disk from its changelog, and how soon it is back after kill -9 on the disk that has it: the count stage with a lot of keys, exactly-once.",
      "",
      "Example: ./gretchen bench recovery --quick --sides engine,streams-tuned"
    },
    footer = {
      "",
      "Without options it takes about an hour on two cores, and some ten gigabytes of disk.",
      "The last lines say 'ratio <x>' for each headline comparison.",
      "Exit status: 0 all recovered and answered right; 1 one did not; 3 the harness or its environment; 64 wrong usage; 130 after Ctrl-C."
    },
    sortOptions = false)
final class BenchRecoveryCommand implements Callable<Integer> {

  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--quick", description = "fewer rounds and a million keys: a look of minutes")
  private boolean quick;

  @Option(
      names = "--sides",
      paramLabel = "LIST",
      defaultValue = "engine,streams,streams-tuned",
      description = "who takes part (default: ${DEFAULT-VALUE})")
  private String sides = "";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often each side recovers (default: 3, with --quick 2)")
  private @Nullable Integer rounds;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description =
          "how many keys, of some 60 bytes of state each (default: 16000000, with --quick 1000000)")
  private @Nullable Integer keys;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "2000",
      description = "events a second while a worker is killed (default: ${DEFAULT-VALUE})")
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
          "the page to write the tables to (default: docs/results.md; with --quick results.md beside the raw data)")
  private @Nullable Path results;

  @Option(
      names = "--against",
      paramLabel = "DIR",
      description =
          "a copy of this project's folder, built before a change: its engine takes part as engine-before")
  private @Nullable Path against;

  @Override
  public Integer call() {
    RecoveryOptions options = options();
    try (CtrlC _ = CtrlC.interruptsThisThread()) {
      return new Recovery(options, System.out::println, InstantSource.system()).execute()
          ? ExitStatus.OK
          : ExitStatus.WRONG_ANSWER;
    } catch (InterruptedException _) {
      System.err.println(
          "interrupted; everything is stopped, what was measured is in " + options.out());
      return ExitStatus.INTERRUPTED;
    }
  }

  private RecoveryOptions options() {
    Path folder =
        out == null
            ? Path.of("runs", "bench", FOLDER.format(InstantSource.system().instant()))
            : out;
    Path home = Apps.atHome().home();
    return new RecoveryOptions(
        new ThroughputOptions.Homes(home, against),
        Side.parse(against == null ? sides : sides + "," + Side.ENGINE_BEFORE.word()),
        rounds == null ? (quick ? RecoveryOptions.ROUNDS_QUICK : RecoveryOptions.ROUNDS) : rounds,
        quick,
        keys == null ? (quick ? RecoveryOptions.KEYS_QUICK : RecoveryOptions.KEYS) : keys,
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
