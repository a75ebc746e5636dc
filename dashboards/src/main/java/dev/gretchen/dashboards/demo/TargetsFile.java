package dev.gretchen.dashboards.demo;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.worker.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Names the workers for Prometheus, in a file that it reads again when it changes. Confined to one
/// thread.
final class TargetsFile implements AutoCloseable {

  private final @Nullable Path file;
  private final String page;
  private String last = "";

  /// @param file null where nobody wants one
  /// @param page host and port of the page, which tells of faults
  /// @throws EnvironmentFailure where the file can have no place
  TargetsFile(@Nullable Path file, String page) {
    Path folder = file == null ? null : file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new EnvironmentFailure(
          "The targets cannot be written to " + file + ": there is no folder " + folder);
    }
    this.file = file;
    this.page = page;
  }

  private record Target(List<String> targets, Map<String, String> labels) {}

  void write(String app, Workers workers) {
    if (file == null) {
      return;
    }
    List<Target> all = new ArrayList<>();
    all.add(new Target(List.of(page), Map.of("job", "gretchen-page")));
    for (String worker : workers.names()) {
      workers
          .incarnation(worker)
          .ifPresent(process ->
              all.add(
                  new Target(
                      List.of("127.0.0.1:" + process.endpoint().getPort()),
                      Map.of("app", app, "worker", worker))));
    }
    String text = JsonMapper.shared().writeValueAsString(all) + "\n";
    if (text.equals(last)) {
      return;
    }
    Path draft = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot write " + file, cause);
    }
    last = text;
  }

  /// The workers are gone, and so is what names them.
  @Override
  public void close() {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException _) {
        // Prometheus will find nobody at these addresses
      }
    }
  }
}
