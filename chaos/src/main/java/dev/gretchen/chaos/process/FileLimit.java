package dev.gretchen.chaos.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// How many files and connections a process may have open, while it runs. What is open stays open.
final class FileLimit {
  private static final String LINE = "Max open files";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private FileLimit() {}

  /// The soft limit, empty where `/proc` does not tell.
  static OptionalLong of(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "limits"))) {
      return lines
          .filter(line -> line.startsWith(LINE))
          .map(line -> line.substring(LINE.length()).strip().split("\\s+", -1)[0])
          .filter(soft -> soft.matches("\\d{1,18}"))
          .mapToLong(Long::parseLong)
          .findFirst();
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }

  /// Sets the soft limit.
  ///
  /// @return whether it could be set
  static boolean set(long pid, long soft) {
    try {
      Process process =
          new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--nofile=" + soft + ":")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return Waits.exited(process, TIMEOUT) && process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
