package dev.gretchen.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The `gretchen` command as a process, on the jars that were packaged.
///
/// @param status exit status
/// @param out standard output
/// @param err standard error
record Command(int status, String out, String err) {

  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  /// What starts a process that ends with Ctrl-C whoever started these tests: a shell's background
  /// job, as of `nohup` or a CI runner, ignores it, and so do its children.
  private static final List<String> HEEDS_CTRL_C = List.of("env", "--default-signal=INT");

  static Path home() {
    return HOME;
  }

  /// Runs it to its end.
  static Command run(Duration bound, Path folder, String... arguments) throws Exception {
    return start(folder, arguments).await(bound);
  }

  static Running start(Path folder, String... arguments) throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    List<String> command = new ArrayList<>(heedsCtrlC());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "-Dgretchen.home=" + HOME,
            "-Dlogback.configurationFile=gretchen-logback.xml",
            "-cp",
            jars(),
            "dev.gretchen.cli.Gretchen"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new Running(process, out, err);
  }

  /// Nothing where the machine's `env` knows no signals, other than GNU's.
  private static List<String> heedsCtrlC() throws IOException {
    List<String> probe = new ArrayList<>(HEEDS_CTRL_C);
    probe.add("true");
    try {
      return new ProcessBuilder(probe).start().waitFor() == 0 ? HEEDS_CTRL_C : List.of();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private static String jars() throws IOException {
    try (Stream<Path> jars = Files.list(HOME.resolve("cli/target/lib"))) {
      return String.join(":", jars.map(Path::toString).sorted().toList());
    }
  }

  /// One that runs.
  record Running(Process process, Path out, Path err) {

    Command await(Duration bound) throws Exception {
      if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "the command did not end within "
                + bound
                + ":\n"
                + Files.readString(out)
                + Files.readString(err));
      }
      return new Command(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    String output() throws IOException {
      return Files.readString(out);
    }
  }
}
