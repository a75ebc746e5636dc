package dev.gretchen.cli;

import dev.gretchen.bench.Side;
import dev.gretchen.bench.Stage;
import dev.gretchen.bench.Throughput;
import dev.gretchen.bench.ThroughputOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
final class BenchThroughputCommand implements Callable<Integer> {

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

  @Mixin private BenchOutput output = new BenchOutput();

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
    return output.measure(
        new Throughput(options(), System.out::println, InstantSource.system())::execute);
  }

  private ThroughputOptions options() {
    Path home = Apps.atHome().home();
    return new ThroughputOptions(
        new ThroughputOptions.Homes(home, against),
        ThroughputOptions.workloads(
            Stage.parse(stage), keys == null ? ThroughputOptions.KEYS : keys, records, quick),
        Side.parse(against == null ? sides : sides + "," + Side.ENGINE_BEFORE.word()),
        rounds == null
            ? (quick ? ThroughputOptions.ROUNDS_QUICK : ThroughputOptions.ROUNDS)
            : rounds,
        output.folder(),
        output.page(home, quick),
        quick,
        recordings,
        output.command());
  }
}
