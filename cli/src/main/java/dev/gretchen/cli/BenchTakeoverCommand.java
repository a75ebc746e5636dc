package dev.gretchen.cli;

import dev.gretchen.bench.Takeover;
import dev.gretchen.bench.TakeoverFault;
import dev.gretchen.bench.TakeoverOptions;
import dev.gretchen.bench.TakeoverSide;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Mixin private BenchOutput output = new BenchOutput();

  @Override
  public Integer call() {
    return output.measure(
        new Takeover(options(), System.out::println, InstantSource.system())::execute);
  }

  private TakeoverOptions options() {
    Path home = Apps.atHome().home();
    return new TakeoverOptions(
        home,
        TakeoverFault.parse(fault),
        TakeoverSide.parse(sides),
        kills,
        quick,
        keys,
        rate,
        output.folder(),
        output.page(home, quick),
        output.command());
  }
}
