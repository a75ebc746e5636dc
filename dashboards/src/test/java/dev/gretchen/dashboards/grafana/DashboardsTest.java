package dev.gretchen.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Meter;
import dev.gretchen.verifier.report.RunMetric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The dashboards as a whole: nothing is left out, nothing lies on top of something else, and what
/// Grafana's model of a dashboard demands is there.
class DashboardsTest {

  private static final Pattern LABEL = Pattern.compile("\\{\\{(\\w+)}}");
  private static final int COLUMNS = 24;

  /// What the schema of each plugin demands of a panel's options.
  private static final Map<String, List<String>> OPTIONS =
      Map.of(
          "timeseries",
          List.of("legend", "tooltip"),
          "stat",
          List.of(
              "graphMode",
              "colorMode",
              "justifyMode",
              "textMode",
              "wideLayout",
              "showPercentChange",
              "reduceOptions",
              "percentChangeColorMode",
              "orientation"),
          "state-timeline",
          List.of("showValue", "rowHeight", "legend", "tooltip"),
          "bargauge",
          List.of(
              "displayMode",
              "valueMode",
              "namePlacement",
              "showUnfilled",
              "sizing",
              "minVizWidth",
              "minVizHeight",
              "maxVizHeight",
              "legend",
              "reduceOptions",
              "orientation"),
          "table",
          List.of("frameIndex", "showHeader"));

  static List<Dashboard> dashboards() {
    return GeneratedFiles.dashboards();
  }

  @Test
  void eachMeterOfAWorkerIsDrawnSomewhere() {
    String all = allQueries();
    for (Meter meter : Meter.values()) {
      assertThat(all).as("the meter %s is drawn", meter).contains(meter.exposed());
    }
  }

  @Test
  void eachMetricOfARunIsDrawnSomewhere() {
    String all = allQueries();
    for (RunMetric metric : RunMetric.values()) {
      assertThat(all).as("the metric %s is drawn", metric).contains(metric.exposed());
    }
  }

  private static String allQueries() {
    return dashboards().stream()
        .flatMap(dashboard -> dashboard.panels().stream())
        .flatMap(panel -> panel.targets().stream())
        .map(target -> target.query().text())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void dashboardsAreToldApart() {
    assertThat(dashboards()).extracting(Dashboard::uid).doesNotHaveDuplicates();
    assertThat(dashboards()).extracting(Dashboard::file).doesNotHaveDuplicates();
    assertThat(dashboards())
        .extracting(Dashboard::uid)
        .allSatisfy(uid -> assertThat(uid).hasSizeBetween(8, 40));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsCoverNoOther(Dashboard dashboard) {
    Set<String> taken = new HashSet<>();
    for (JsonNode panel : panels(dashboard)) {
      JsonNode place = panel.path("gridPos");
      int right = place.path("x").asInt() + place.path("w").asInt();
      assertThat(right).isLessThanOrEqualTo(COLUMNS);
      for (int x = place.path("x").asInt(); x < right; x++) {
        for (int dy = 0; dy < place.path("h").asInt(); dy++) {
          String cell = x + "," + (place.path("y").asInt() + dy);
          assertThat(taken.add(cell)).as("%s at %s", panel.path("title"), cell).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void eachPanelHasWhatGrafanasModelDemands(Dashboard dashboard) {
    JsonNode tree = tree(dashboard);
    assertThat(tree.path("schemaVersion").isInt()).isTrue();
    assertThat(tree.path("templating").path("list").isArray()).isTrue();
    assertThat(tree.path("annotations").path("list").isArray()).isTrue();
    List<Integer> ids = new ArrayList<>();
    for (JsonNode panel : panels(dashboard)) {
      ids.add(panel.path("id").asInt());
      assertThat(panel.path("type").asString()).isNotEmpty();
      assertThat(panel.path("title").asString()).isNotEmpty();
      if (panel.path("type").asString().equals("row")) {
        continue;
      }
      assertThat(panel.path("description").asString()).endsWith(".");
      assertThat(panel.path("datasource").path("uid").asString()).isEqualTo("${datasource}");
      assertThat(panel.path("fieldConfig").path("overrides").isArray()).isTrue();
      assertThat(panel.path("options").propertyNames())
          .as("options of %s", panel.path("title"))
          .containsAll(Objects.requireNonNull(OPTIONS.get(panel.path("type").asString())));
      List<String> refs = new ArrayList<>();
      for (JsonNode target : panel.path("targets")) {
        refs.add(target.path("refId").asString());
        assertThat(target.path("expr").asString()).isNotEmpty();
      }
      assertThat(refs).isNotEmpty().doesNotHaveDuplicates();
    }
    assertThat(ids).doesNotHaveDuplicates();
  }

  /// A legend with a label that its query has lost shows nothing in its place.
  @ParameterizedTest
  @MethodSource("dashboards")
  void eachLegendNamesLabelsThatItsQueryKeeps(Dashboard dashboard) {
    for (Panel panel : dashboard.panels()) {
      for (Panel.Target target : panel.targets()) {
        Matcher labels = LABEL.matcher(target.legend());
        while (labels.find()) {
          assertThat(target.query().text())
              .as("%s: %s", panel.title(), target.legend())
              .containsPattern(
                  "by \\([^)]*\\b"
                      + labels.group(1)
                      + "\\b[^)]*\\)|=~\"\\$"
                      + labels.group(1)
                      + "\"}$");
        }
      }
    }
  }

  private static List<JsonNode> panels(Dashboard dashboard) {
    List<JsonNode> panels = new ArrayList<>();
    tree(dashboard).path("panels").forEach(panels::add);
    return panels;
  }

  private static JsonNode tree(Dashboard dashboard) {
    return JsonMapper.shared().readTree(DashboardJson.render(dashboard));
  }
}
