package dev.gretchen.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Prometheus and its tool, as a package brings them.
final class PrometheusTools {

  private static final long BOUND_SECONDS = 60;

  private PrometheusTools() {}

  static void assumeInstalled() {
    for (String program : List.of("prometheus", "promtool")) {
      assumeTrue(
          find(program).isPresent(),
          program + " is not on the PATH; Debian's package prometheus brings it");
    }
  }

  static Optional<Path> find(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /// Runs the tool, which must succeed.
  ///
  /// @return what it said
  static String promtool(Path folder, String... arguments) throws Exception {
    Ended ended = run(folder, arguments);
    assertThat(ended.status()).as(ended.said()).isZero();
    return ended.said();
  }

  /// Runs the tool, which must fail.
  static String failing(Path folder, String... arguments) throws Exception {
    Ended ended = run(folder, arguments);
    assertThat(ended.status()).as(ended.said()).isNotZero();
    return ended.said();
  }

  private record Ended(int status, String said) {}

  private static Ended run(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(find("promtool").orElseThrow().toString()));
    command.addAll(List.of(arguments));
    Path said = Files.createTempFile("promtool", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("promtool did not end: " + command);
      }
      return new Ended(process.exitValue(), Files.readString(said));
    } finally {
      Files.delete(said);
    }
  }
}
