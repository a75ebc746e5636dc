package dev.gretchen.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Prometheus's own tool on what it is given.
class AlertRulesIT {

  private static final Path PROMETHEUS = Path.of("prometheus").toAbsolutePath();

  @TempDir private Path folder;

  @BeforeEach
  void needsPrometheus() {
    PrometheusTools.assumeInstalled();
  }

  @Test
  void theRulesFireWhenTheyShouldAndStaySilentWhenNot() throws Exception {
    assertThat(PrometheusTools.promtool(PROMETHEUS, "test", "rules", "alerts_test.yml"))
        .contains("SUCCESS");
  }

  /// The expectations are worth something only if they can fail.
  @Test
  void theTestOfTheRulesFindsABrokenOne() throws Exception {
    String rules = Files.readString(PROMETHEUS.resolve("alerts.yml"));
    Files.writeString(folder.resolve("alerts.yml"), rules.replace("> 129600", "> 999999999"));
    Files.copy(PROMETHEUS.resolve("alerts_test.yml"), folder.resolve("alerts_test.yml"));
    assertThat(PrometheusTools.failing(folder, "test", "rules", "alerts_test.yml"))
        .contains("GretchenNoRuns");
  }

  @Test
  void theConfigurationIsOneThatPrometheusTakes() throws Exception {
    assertThat(PrometheusTools.promtool(PROMETHEUS, "check", "config", "prometheus.yml"))
        .contains("SUCCESS");
  }

  @Test
  void eachQueryOfADashboardIsPromQl() throws Exception {
    List<String> rules = new ArrayList<>();
    for (Dashboard dashboard : GeneratedFiles.dashboards()) {
      for (Panel panel : dashboard.panels()) {
        panel.targets().forEach(target -> rules.add(target.query().text()));
      }
      dashboard.annotations().forEach(annotation -> rules.add(annotation.query().text()));
    }
    StringBuilder file = new StringBuilder("groups:\n  - name: queries\n    rules:\n");
    for (int i = 0; i < rules.size(); i++) {
      file.append("      - record: query_").append(i).append("\n        expr: '");
      file.append(Variables.substituted(rules.get(i))).append("'\n");
    }
    Files.writeString(folder.resolve("queries.yml"), file);
    assertThat(PrometheusTools.promtool(folder, "check", "rules", "queries.yml"))
        .contains("SUCCESS: " + rules.size() + " rules found");
  }
}
