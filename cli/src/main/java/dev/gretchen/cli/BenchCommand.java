package dev.gretchen.cli;

import dev.gretchen.bench.Enrichment;
import dev.gretchen.bench.Kernels;
import dev.gretchen.bench.Side;
import dev.gretchen.bench.Stage;
import dev.gretchen.bench.Throughput;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gretchen bench`: the side-by-side benchmarks.
@Command(
    name = "bench",
    description = {
      "Measures the engine beside Kafka Streams and a floor program without any engine, on the same brokers, load and contract.",
      "",
      "Example: ./gretchen bench throughput --quick"
    },
    subcommands = {
      BenchCommand.ThroughputCommand.class,
      BenchCommand.EnrichmentCommand.class,
      BenchTakeoverCommand.class,
      BenchRecoveryCommand.class,
      BenchCommand.KernelsCommand.class
    })
final class BenchCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("a command has its specification");
    }
    throw new ParameterException(
        spec.commandLine(),
        "name a benchmark: throughput, enrichment, takeover, recovery or kernels");
  }

  /// `gretchen bench throughput`.
  @Command(
      name = "throughput",
      description = {
        "Word-colors, exactly-once, commits every 100 ms, input loaded before; every answer is judged, and a wrong one voids its number.",
        "",
        "Example: ./gretchen bench throughput --stage count --keys 1000 --rounds 3"
      },
      footer = {
        "",
        "Without options it measures both stages with all keys, for about an hour on two cores; --stage count takes half of that.",
        "The last lines say 'ratio <x>' for each headline comparison.",
        "Exit status: 0 all answers right; 1 a wrong one; 3 the harness or its environment; 64 wrong usage; 130 after Ctrl-C."
      },
      sortOptions = false)
  static final class ThroughputCommand implements Callable<Integer> {

    private static final DateTimeFormatter FOLDER =
        DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Spec private @Nullable CommandSpec spec;

    @Option(
        names = "--quick",
        description = "fewer rounds and records: a look that takes a few minutes")
    private boolean quick;

    @Option(
        names = "--stage",
        paramLabel = "WHAT",
        defaultValue = "all",
        description =
            "count (the count stage alone), app (the whole app) or all (default: ${DEFAULT-VALUE})")
    private String stage = "";

    @Option(
        names = "--keys",
        paramLabel = "N,...",
        split = ",",
        description = "how many colours (default: 3,1000,10000,1000000)")
    private @Nullable List<Integer> keys;

    @Option(
        names = "--sides",
        paramLabel = "LIST",
        defaultValue = "engine,engine-at-least-once,streams,streams-tuned,floor",
        description = "who takes part (default: ${DEFAULT-VALUE})")
    private String sides = "";

    @Option(
        names = "--rounds",
        paramLabel = "N",
        description = "how often each side runs (default: 3, with --quick 2)")
    private @Nullable Integer rounds;

    @Option(
        names = "--records",
        paramLabel = "N",
        description = "events to load (default: what suits stage, keys and --quick)")
    private @Nullable Long records;

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

    @Option(
        names = "--against",
        paramLabel = "DIR",
        description =
            "a copy of this project's folder, built before a change: its engine takes part as engine-before")
    private @Nullable Path against;

    @Option(names = "--jfr", description = "record each run with JDK Flight Recorder")
    private boolean recordings;

    @Override
    public Integer call() {
      ThroughputOptions options = options();
      try (CtrlC _ = CtrlC.interruptsThisThread()) {
        return new Throughput(options, System.out::println, InstantSource.system()).execute()
            ? ExitStatus.OK
            : ExitStatus.WRONG_ANSWER;
      } catch (InterruptedException _) {
        System.err.println(
            "interrupted; everything is stopped, what was measured is in " + options.out());
        return ExitStatus.INTERRUPTED;
      }
    }

    private ThroughputOptions options() {
      Path folder =
          out == null
              ? Path.of("runs", "bench", FOLDER.format(InstantSource.system().instant()))
              : out;
      Path home = Apps.atHome().home();
      return new ThroughputOptions(
          new ThroughputOptions.Homes(home, against),
          ThroughputOptions.workloads(
              Stage.parse(stage), keys == null ? ThroughputOptions.KEYS : keys, records, quick),
          Side.parse(against == null ? sides : sides + "," + Side.ENGINE_BEFORE.word()),
          rounds == null
              ? (quick ? ThroughputOptions.ROUNDS_QUICK : ThroughputOptions.ROUNDS)
              : rounds,
          folder,
          page(home, folder),
          quick,
          recordings,
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

  /// `gretchen bench enrichment`.
  @Command(
      name = "enrichment",
      description = {
        "An agent that calls a service for each event (a timed wait): many calls at a time against one, exactly once against at least once; one worker, one partition, every answer judged.",
        "",
        "Example: ./gretchen bench enrichment --concurrency 256 --call 50"
      },
      footer = {
        "",
        "The last lines say 'ratio <x>'.",
        "Exit status: 0 all answers right; 1 a wrong one; 3 the harness or its environment; 64 wrong usage; 130 after Ctrl-C."
      },
      sortOptions = false)
  static final class EnrichmentCommand implements Callable<Integer> {

    @Option(
        names = "--concurrency",
        paramLabel = "N",
        defaultValue = "256",
        description = "calls at a time, beside one (default: ${DEFAULT-VALUE})")
    private int concurrency;

    @Option(
        names = "--call",
        paramLabel = "MILLIS",
        defaultValue = "50",
        description = "how long a call takes (default: ${DEFAULT-VALUE})")
    private int callMillis;

    @Option(
        names = "--keys",
        paramLabel = "N",
        defaultValue = "1000",
        description = "how many keys there are (default: ${DEFAULT-VALUE})")
    private int keys;

    @Option(
        names = "--rounds",
        paramLabel = "N",
        defaultValue = "3",
        description = "how often each side runs (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
        names = "--seconds",
        paramLabel = "N",
        defaultValue = "10",
        description = "how long a side is measured (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        description = "folder for raw data and logs (default: runs/bench/<utc>)")
    private @Nullable Path out;

    @Override
    public Integer call() {
      Path folder =
          out == null
              ? Path.of(
                  "runs",
                  "bench",
                  ThroughputCommand.FOLDER.format(InstantSource.system().instant()))
              : out;
      Enrichment.Options options =
          new Enrichment.Options(
              Apps.atHome().home(), folder, concurrency, callMillis, keys, rounds, seconds);
      try (CtrlC _ = CtrlC.interruptsThisThread()) {
        return new Enrichment(options, System.out::println).execute()
            ? ExitStatus.OK
            : ExitStatus.WRONG_ANSWER;
      } catch (InterruptedException _) {
        System.err.println("interrupted; everything is stopped, what was measured is in " + folder);
        return ExitStatus.INTERRUPTED;
      }
    }
  }

  /// `gretchen bench kernels`.
  @Command(
      name = "kernels",
      description = {
        "Micro-benchmarks of the hot kernels (JMH), with allocation.",
        "",
        "Example: ./gretchen bench kernels --quick Codec"
      },
      sortOptions = false)
  static final class KernelsCommand implements Callable<Integer> {

    @Option(names = "--quick", description = "few and short iterations")
    private boolean quick;

    @Parameters(paramLabel = "ARGUMENT", description = "for JMH, such as a pattern of names")
    private @Nullable List<String> more;

    @Override
    public Integer call() {
      try {
        int status = Kernels.run(Apps.atHome().home(), quick, more == null ? List.of() : more);
        return status == 0 ? ExitStatus.OK : ExitStatus.ENVIRONMENT;
      } catch (InterruptedException _) {
        return ExitStatus.INTERRUPTED;
      }
    }
  }
}
