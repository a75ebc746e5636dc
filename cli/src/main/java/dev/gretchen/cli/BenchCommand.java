package dev.gretchen.cli;

import dev.gretchen.bench.Kernels;
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
      BenchThroughputCommand.class,
      BenchEnrichmentCommand.class,
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
