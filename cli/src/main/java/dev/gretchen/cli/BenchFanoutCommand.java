package dev.gretchen.cli;

import dev.gretchen.bench.Fanout;
import dev.gretchen.bench.FanoutOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gretchen bench fanout`.
@Command(
    name = "fanout",
    description = {
      "Posts pushed to many WebSockets: feed-chat beside a bare loop on the same server library, and gathered for 50 ms beside a write a post; deliveries a second, delay, memory a connection.",
      "",
      "Example: ./gretchen bench fanout --connections 15000"
    },
    footer = {
      "",
      "Without options it takes about ten minutes; three workers take a while longer.",
      "The last lines say 'ratio <x>' for each headline comparison.",
      "Exit status: 0 measured; 1 a side kept up with nothing; 3 the harness or its environment; 64 wrong usage; 130 after Ctrl-C."
    },
    sortOptions = false)
final class BenchFanoutCommand implements Callable<Integer> {

  @Option(names = "--quick", description = "few connections and short steps: a look of minutes")
  private boolean quick;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "how many there are (default: ${DEFAULT-VALUE})")
  private int workers;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "to each worker (default: 15000, with --quick 2000)")
  private @Nullable Integer connections;

  @Option(
      names = "--hot",
      paramLabel = "N",
      defaultValue = "1000",
      description = "how many are in the room whose rate is raised (default: ${DEFAULT-VALUE})")
  private int hot;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "how long a step is (default: 10, with --quick 4)")
  private @Nullable Integer seconds;

  @Mixin private BenchOutput output = new BenchOutput();

  @Override
  public Integer call() {
    return output.measure(
        new Fanout(options(), System.out::println, InstantSource.system())::execute);
  }

  private FanoutOptions options() {
    Path home = Apps.atHome().home();
    return new FanoutOptions(
        home,
        workers,
        connections == null
            ? (quick ? FanoutOptions.CONNECTIONS_QUICK : FanoutOptions.CONNECTIONS)
            : connections,
        hot,
        seconds == null ? (quick ? FanoutOptions.SECONDS_QUICK : FanoutOptions.SECONDS) : seconds,
        quick,
        output.folder(),
        output.page(home, quick),
        output.command());
  }
}
