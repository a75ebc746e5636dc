package dev.gretchen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class BenchOutputTest {

  @Command(name = "bench")
  static final class Benchmark implements Runnable {

    @Mixin BenchOutput output = new BenchOutput();

    @Option(names = "--rounds")
    int rounds;

    @Override
    public void run() {}
  }

  @Test
  void thePageNamesTheCommandWithoutThePlacesOfItsOutput() {
    assertThat(commandOf("--rounds", "2", "--out", "/tmp/a", "--results=/tmp/b"))
        .isEqualTo("./gretchen --rounds 2");
    assertThat(commandOf("--out=/tmp/a", "--rounds=3", "--results", "/tmp/b"))
        .isEqualTo("./gretchen --rounds=3");
  }

  private static String commandOf(String... words) {
    Benchmark benchmark = new Benchmark();
    new CommandLine(benchmark).execute(words);
    return String.join(" ", benchmark.output.command());
  }
}
