package dev.gretchen.cli;

import dev.gretchen.bench.Enrichment;
import dev.gretchen.bench.EnrichmentOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gretchen bench enrichment`.
@Command(
    name = "enrichment",
    description = {
      "An agent that calls a service for each event: many calls at a time against one, as a timed wait and over HTTP, and exactly once against at least once; one worker, one partition, every answer judged.",
      "",
      "Example: ./gretchen bench enrichment --concurrency 256 --call 50"
    },
    footer = {
      "",
      "Without options it takes about five minutes.",
      "The last lines say 'ratio <x>' for each headline comparison.",
      "Exit status: 0 all answers right; 1 a wrong one; 3 the harness or its environment; 64 wrong usage; 130 after Ctrl-C."
    },
    sortOptions = false)
final class BenchEnrichmentCommand implements Callable<Integer> {

  @Option(names = "--quick", description = "one round of short laps: a look of a minute")
  private boolean quick;

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
      description = "how often each side runs (default: 3, with --quick 1)")
  private @Nullable Integer rounds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "how long a side is measured (default: 10, with --quick 5)")
  private @Nullable Integer seconds;

  @Mixin private BenchOutput output = new BenchOutput();

  @Override
  public Integer call() {
    return output.measure(
        new Enrichment(options(), System.out::println, InstantSource.system())::execute);
  }

  private EnrichmentOptions options() {
    Path home = Apps.atHome().home();
    return new EnrichmentOptions(
        home,
        concurrency,
        callMillis,
        keys,
        rounds == null
            ? (quick ? EnrichmentOptions.ROUNDS_QUICK : EnrichmentOptions.ROUNDS)
            : rounds,
        seconds == null
            ? (quick ? EnrichmentOptions.SECONDS_QUICK : EnrichmentOptions.SECONDS)
            : seconds,
        quick,
        output.folder(),
        output.page(home, quick),
        output.command());
  }
}
