package dev.gretchen.chaos.process;

import java.nio.file.Path;

/// Something on the machine that does not go by itself when this JVM dies.
public sealed interface Leftover {

  /// A child process, running or stopped.
  ///
  /// @param name what messages call it
  /// @param token pid and start time, which name a process for good
  record Running(String name, String token) implements Leftover {
    @Override
    public String toString() {
      return name + " (pid " + token.replaceFirst(":.*", "") + ")";
    }
  }

  /// A file system that was mounted.
  record Mounted(Path folder) implements Leftover {
    @Override
    public String toString() {
      return "mount at " + folder;
    }
  }
}
