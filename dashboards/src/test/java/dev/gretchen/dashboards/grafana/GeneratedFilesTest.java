package dev.gretchen.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GeneratedFilesTest {

  private static final Path MODULE = Path.of("").toAbsolutePath();

  /// To write them: add `-Dgretchen.write-docs=true` to this test's command line.
  @Test
  void whatIsCheckedInIsWhatTheGeneratorWrites() throws Exception {
    if (Boolean.getBoolean("gretchen.write-docs")) {
      GeneratedFiles.write(MODULE);
    }
    for (Map.Entry<String, String> text : GeneratedFiles.texts().entrySet()) {
      assertThat(MODULE.resolve(text.getKey())).exists().content().isEqualTo(text.getValue());
    }
  }

  @Test
  void noDashboardIsCheckedInThatNobodyWrites() throws Exception {
    try (var files = Files.list(MODULE.resolve("grafana"))) {
      assertThat(files.map(file -> "grafana/" + file.getFileName()))
          .isSubsetOf(GeneratedFiles.texts().keySet());
    }
  }
}
