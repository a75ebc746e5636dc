package dev.gretchen.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts the micro-benchmarks of the hot kernels: JMH in a process of its own, with allocation.
public final class Kernels {

  private Kernels() {}

  /// Runs them and shows what JMH says.
  ///
  /// @param home the folder of this project, built
  /// @param quick whether few and short iterations are enough
  /// @param more further arguments for JMH, such as a pattern of names
  /// @return the exit status of JMH
  public static int run(Path home, boolean quick, List<String> more) throws InterruptedException {
    Path lib = home.resolve("bench/target/lib");
    if (!Files.isDirectory(lib)) {
      throw new UncheckedIOException(
          lib + " cannot be read; is the project built?", new IOException("no such folder"));
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "-cp", lib + "/*", "org.openjdk.jmh.Main"));
    command.addAll(List.of("-prof", "gc", "-jvmArgsAppend", "-XX:+UseSerialGC"));
    if (quick) {
      command.addAll(List.of("-f", "1", "-wi", "2", "-i", "3", "-w", "500ms", "-r", "500ms"));
    }
    command.addAll(more);
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      try {
        return process.waitFor();
      } finally {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
      }
    } catch (IOException cause) {
      throw new UncheckedIOException("JMH cannot be started", cause);
    }
  }
}
