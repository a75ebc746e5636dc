package dev.gretchen.chaos.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/// What a process may have at the most, changed while it runs. What it has it keeps.
public enum ProcessLimit {
  /// Files and connections that are open.
  FILES("nofile", "Max open files"),
  /// Bytes of address space: with no more than it has, it gets neither memory nor threads.
  MEMORY("as", "Max address space");

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String SOFT = "\\d{1,19}|unlimited";
  private static final int PAGE_BYTES = 4_096;

  private final String resource;
  private final String line;

  ProcessLimit(String resource, String line) {
    this.resource = resource;
    this.line = line;
  }

  /// The soft limit, a number or `unlimited`; empty where `/proc` does not tell.
  Optional<String> of(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "limits"))) {
      return lines
          .filter(text -> text.startsWith(line))
          .map(text -> text.substring(line.length()).strip().split("\\s+", -1)[0])
          .filter(soft -> soft.matches(SOFT))
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// Sets the soft limit.
  ///
  /// @return whether it could be set
  boolean set(long pid, String soft) {
    try {
      Process process =
          new ProcessBuilder(
                  "prlimit", "--pid", Long.toString(pid), "--" + resource + "=" + soft + ":")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return Waits.exited(process, TIMEOUT) && process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  /// How much address space a process has now, 0 where `/proc` does not tell.
  static long addressSpaceBytes(long pid) {
    try {
      String pages = Files.readString(Path.of("/proc", Long.toString(pid), "statm"));
      return Long.parseLong(pages.split(" ", -1)[0]) * PAGE_BYTES;
    } catch (IOException | NumberFormatException _) {
      return 0;
    }
  }
}
