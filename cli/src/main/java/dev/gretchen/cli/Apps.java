package dev.gretchen.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Finds an app's descriptor by the app's name or by its file.
///
/// @param home the folder of this project
record Apps(Path home) {

  private static final String DESCRIPTOR = "gretchen.yaml";

  static Apps atHome() {
    return new Apps(Path.of(System.getProperty("gretchen.home", ".")).toAbsolutePath().normalize());
  }

  /// @throws UsageError where there is no such app
  Path descriptor(String app) {
    if (app.endsWith(".yaml") || app.endsWith(".yml")) {
      Path file = Path.of(app);
      if (Files.isRegularFile(file)) {
        return file;
      }
      throw new UsageError(
          "no app descriptor at " + file.toAbsolutePath() + "; name a file, or one of " + names());
    }
    Path file = home.resolve("apps").resolve(app).resolve(DESCRIPTOR);
    if (app.contains("/") || !Files.isRegularFile(file)) {
      throw new UsageError(
          "unknown app '"
              + app
              + "'; there are "
              + names()
              + ", or name the file of a descriptor (.yaml)");
    }
    return file;
  }

  /// The jars of the servers that a run starts for an app.
  Path serviceJars() {
    return home.resolve("services").resolve("target").resolve("lib");
  }

  List<String> names() {
    try (Stream<Path> folders = Files.list(home.resolve("apps"))) {
      return folders
          .filter(folder -> Files.isRegularFile(folder.resolve(DESCRIPTOR)))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException _) {
      return List.of();
    }
  }
}
