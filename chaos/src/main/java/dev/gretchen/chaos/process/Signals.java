package dev.gretchen.chaos.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Signals by the shell's built-in `kill`, and what `/proc` says of a process.
final class Signals {
  static final String SHELL = "/bin/sh";

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final List<Path> SETSID =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

  /// To the group first, which holds whatever the child started; alone where it leads no group.
  private static final String KILL =
      "kill -s \"$1\" -- \"-$2\" 2>/dev/null || kill -s \"$1\" \"$2\" 2>/dev/null";

  /// Only the group, and only where nobody has the leader's pid any more.
  private static final String KILL_ORPHANED_GROUP =
      "[ -e \"/proc/$1\" ] || kill -s KILL -- \"-$1\" 2>/dev/null";

  private Signals() {}

  /// What to put before a command so that it leads a session of its own; empty without `setsid`.
  static List<String> sessionPrefix() {
    return SETSID.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .map(path -> List.of(path.toString()))
        .orElse(List.of());
  }

  /// Whether the signal could be delivered.
  static boolean send(String signal, long pid) {
    return shell(KILL, signal, Long.toString(pid));
  }

  static void killOrphanedGroup(long pid) {
    if (Files.exists(Path.of("/proc/self"))) {
      shell(KILL_ORPHANED_GROUP, Long.toString(pid));
    }
  }

  private static boolean shell(String script, String first, String... rest) {
    ProcessBuilder builder = new ProcessBuilder(SHELL, "-c", script, "signal", first);
    builder.command().addAll(List.of(rest));
    try {
      Process process =
          builder
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return Waits.exited(process, TIMEOUT) && process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  /// The start time in clock ticks since boot (field 22 of `stat`), which with the pid names a
  /// process for good; empty where there is no `/proc`.
  static Optional<String> startTime(long pid) {
    return statField(pid, 22);
  }

  /// Whether the process is stopped by SIGSTOP.
  static boolean isStopped(long pid) {
    return statField(pid, 3).filter("T"::equals).isPresent();
  }

  /// Whether the process has ended, and its parent has not asked for its exit status yet.
  static boolean isUnburied(long pid) {
    return statField(pid, 3).filter("Z"::equals).isPresent();
  }

  private static Optional<String> statField(long pid, int number) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // field 2 is the name in parentheses and may hold blanks: count from behind it
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(fields[number - 3]);
    } catch (IOException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }
}
