package dev.gretchen.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Where all runs are. Mixed into each command that writes or reads them.
final class RunsFolder {

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "folder of all runs (default: ${DEFAULT-VALUE})")
  private Path path = Path.of("runs");

  Path path() {
    return path;
  }
}
