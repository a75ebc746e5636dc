package dev.gretchen.chaos.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// How to start a child.
///
/// @param name what messages call it, such as `broker-1`
/// @param command program and arguments, no shell in between
/// @param environment set on top of this JVM's own environment, and of the names by which programs
///   find their folder for temporary files, which is the child's own
/// @param log file that receives standard output and standard error, appended to
public record Launch(String name, List<String> command, Map<String, String> environment, Path log) {
  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("The command of " + name + " is empty");
    }
  }
}
