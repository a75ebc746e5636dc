package dev.gretchen.dashboards.grafana;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The files that are made from code and checked in, so that whoever has Grafana and Prometheus
/// needs no build. A test compares them with what this makes; `main` writes them.
public final class GeneratedFiles {

  /// What a generated file says of itself, where its format has comments.
  static final String ORIGIN =
      "Written by dev.gretchen.dashboards.grafana.GeneratedFiles: change it there.";

  private static final String DASHBOARDS = "grafana";
  private static final String ALERTS = "prometheus/alerts.yml";

  private GeneratedFiles() {}

  /// All dashboards.
  static List<Dashboard> dashboards() {
    return List.of(
        WorkerDashboard.dashboard(),
        ClusterDashboard.dashboard(),
        VerificationDashboard.dashboard(),
        SoakDashboard.dashboard());
  }

  /// The texts by their paths below the folder of this module.
  public static Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Dashboard dashboard : dashboards()) {
      texts.put(DASHBOARDS + "/" + dashboard.file(), DashboardJson.render(dashboard));
    }
    texts.put(ALERTS, AlertRules.render());
    return texts;
  }

  /// Writes all files into the folder of this module, which is the first argument.
  ///
  /// @throws IOException if one cannot be written
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException(
          "expected the folder of the module dashboards, found "
              + arguments.length
              + " arguments; run it as in docs/dashboards.md");
    }
    for (Path written : write(Path.of(arguments[0]))) {
      System.out.println(written);
    }
  }

  /// @param folder of this module
  static List<Path> write(Path folder) throws IOException {
    List<Path> written = new ArrayList<>();
    for (Map.Entry<String, String> text : texts().entrySet()) {
      Path file = folder.resolve(text.getKey());
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, text.getValue(), StandardCharsets.UTF_8);
      written.add(file);
    }
    return written;
  }
}
