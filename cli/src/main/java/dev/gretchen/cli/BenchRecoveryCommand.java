package dev.gretchen.cli;

import dev.gretchen.bench.Recovery;
import dev.gretchen.bench.RecoveryOptions;
import dev.gretchen.bench.Side;
import dev.gretchen.bench.ThroughputOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Mixin private BenchOutput output = new BenchOutput();

  @Option(
      names = "--against",
      paramLabel = "DIR",
      description =
          "a copy of this project's folder, built before a change: its engine takes part as engine-before")
  private @Nullable Path against;

  @Override
  public Integer call() {
    return output.measure(
        new Recovery(options(), System.out::println, InstantSource.system())::execute);
  }

  private RecoveryOptions options() {
    Path home = Apps.atHome().home();
    return new RecoveryOptions(
        new ThroughputOptions.Homes(home, against),
        Side.parse(against == null ? sides : sides + "," + Side.ENGINE_BEFORE.word()),
        rounds == null ? (quick ? RecoveryOptions.ROUNDS_QUICK : RecoveryOptions.ROUNDS) : rounds,
        quick,
        keys == null ? (quick ? RecoveryOptions.KEYS_QUICK : RecoveryOptions.KEYS) : keys,
        rate,
        output.folder(),
        output.page(home, quick),
        output.command());
  }
}
