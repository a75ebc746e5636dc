package dev.gretchen.dashboards.grafana;

import dev.gretchen.dashboards.grafana.Dashboard.Annotation;
import dev.gretchen.dashboards.grafana.Panel.Look;
import dev.gretchen.dashboards.grafana.Panel.Target;
import dev.gretchen.dashboards.grafana.Panel.Unit;
import dev.gretchen.dashboards.grafana.Series.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/// Writes a dashboard as Grafana reads it (schema version 39, Grafana 10.4 and later). Panels are
/// laid out from left to right, a new line where one does not fit.
final class DashboardJson {

  /// Of Grafana's model of a dashboard; later versions migrate it when they load it.
  static final int SCHEMA_VERSION = 39;

  private static final int COLUMNS = 24;
  private static final String DATASOURCE = "datasource";

  /// A line for each field and element, so that a change shows as what it is.
  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

  private static final ObjectWriter JSON =
      JsonMapper.shared()
          .writer()
          .with(new DefaultPrettyPrinter().withObjectIndenter(LINES).withArrayIndenter(LINES));

  private static final Map<String, Object> PROMETHEUS =
      object("type", "prometheus", "uid", "${" + DATASOURCE + "}");

  private final List<Object> panels = new ArrayList<>();
  private int x;
  private int y;
  private int tallest;

  private DashboardJson() {}

  /// The text of its file.
  static String render(Dashboard dashboard) {
    return JSON.writeValueAsString(new DashboardJson().tree(dashboard)) + "\n";
  }

  private Map<String, Object> tree(Dashboard dashboard) {
    for (Dashboard.Row row : dashboard.rows()) {
      heading(row.title());
      row.panels().forEach(this::place);
      newLine();
    }
    return object(
        "uid", dashboard.uid(),
        "title", dashboard.title(),
        "description", dashboard.description(),
        "tags", List.of("gretchen"),
        "schemaVersion", SCHEMA_VERSION,
        "version", 1,
        "editable", true,
        "graphTooltip", 1,
        "timezone", "browser",
        "refresh", "10s",
        "time", object("from", dashboard.from(), "to", "now"),
        "annotations",
            object(
                "list", dashboard.annotations().stream().map(DashboardJson::annotation).toList()),
        "templating", object("list", variables(dashboard.sample())),
        "links", List.of(link()),
        "panels", panels);
  }

  private void heading(String title) {
    panels.add(
        object(
            "type",
            "row",
            "id",
            panels.size() + 1,
            "title",
            title,
            "collapsed",
            false,
            "gridPos",
            position(COLUMNS, 1),
            "panels",
            List.of()));
    y++;
  }

  private void place(Panel panel) {
    if (x + panel.width() > COLUMNS) {
      newLine();
    }
    panels.add(
        object(
            "type", panel.look().plugin(),
            "id", panels.size() + 1,
            "title", panel.title(),
            "description", panel.description(),
            "datasource", PROMETHEUS,
            "gridPos", position(panel.width(), panel.look().height()),
            "fieldConfig", object("defaults", defaults(panel), "overrides", List.of()),
            "options", options(panel.look()),
            "targets", panel.targets().stream().map(target -> target(panel, target)).toList()));
    x += panel.width();
    tallest = Math.max(tallest, panel.look().height());
  }

  private void newLine() {
    y += tallest;
    x = 0;
    tallest = 0;
  }

  private Map<String, Object> position(int width, int height) {
    return object("h", height, "w", width, "x", x, "y", y);
  }

  private static Map<String, Object> target(Panel panel, Target target) {
    boolean instant = panel.look().isInstant();
    return object(
        "refId",
        target.ref(),
        "datasource",
        PROMETHEUS,
        "editorMode",
        "code",
        "expr",
        target.query().text(),
        "legendFormat",
        target.legend(),
        "instant",
        instant,
        "range",
        !instant,
        "format",
        panel.look() == Look.TABLE ? "table" : "time_series");
  }

  private static Map<String, Object> defaults(Panel panel) {
    Map<String, Object> defaults = new LinkedHashMap<>();
    defaults.put("unit", panel.unit().id());
    List<Object> mappings = mappings(panel.unit());
    if (mappings.isEmpty()) {
      defaults.put("color", object("mode", "palette-classic-by-name"));
      if (panel.unit() != Unit.SHARE) {
        defaults.put("min", 0);
      }
    } else {
      defaults.put("color", object("mode", "fixed", "fixedColor", "text"));
      defaults.put("mappings", mappings);
    }
    if (panel.unit() == Unit.SHARE) {
      defaults.put("max", 1);
    }
    switch (panel.look()) {
      case CURVES -> defaults.put("custom", curves(10, "none"));
      case STACK -> defaults.put("custom", curves(35, "normal"));
      case STATES -> defaults.put("custom", object("fillOpacity", 75, "lineWidth", 0));
      case NUMBER, BARS, TABLE -> {}
    }
    return defaults;
  }

  private static Map<String, Object> curves(int filled, String stacking) {
    return object(
        "lineWidth",
        1,
        "fillOpacity",
        filled,
        "showPoints",
        "never",
        "stacking",
        object("mode", stacking, "group", "A"));
  }

  /// All that Grafana's schema of each plugin demands, where its editor would fill in the same.
  private static Map<String, Object> options(Look look) {
    Map<String, Object> lastValue = object("calcs", List.of("lastNotNull"), "values", false);
    Map<String, Object> legend =
        object(
            "displayMode", "list", "placement", "bottom", "showLegend", true, "calcs", List.of());
    Map<String, Object> tooltip = object("mode", "multi", "sort", "desc");
    return switch (look) {
      case CURVES, STACK -> object("legend", legend, "tooltip", tooltip);
      case NUMBER ->
          object(
              "reduceOptions", lastValue,
              "colorMode", "value",
              "graphMode", "area",
              "justifyMode", "auto",
              "textMode", "auto",
              "wideLayout", true,
              "orientation", "auto",
              "showPercentChange", false,
              "percentChangeColorMode", "standard");
      case STATES ->
          object(
              "showValue",
              "auto",
              "mergeValues",
              true,
              "rowHeight",
              0.8,
              "legend",
              legend,
              "tooltip",
              tooltip);
      case BARS ->
          object(
              "reduceOptions",
              lastValue,
              "orientation",
              "horizontal",
              "displayMode",
              "basic",
              "valueMode",
              "color",
              "namePlacement",
              "auto",
              "showUnfilled",
              true,
              "sizing",
              "auto",
              "minVizWidth",
              8,
              "minVizHeight",
              16,
              "maxVizHeight",
              300,
              "legend",
              legend);
      case TABLE -> object("showHeader", true, "frameIndex", 0);
    };
  }

  /// Words and colours in the place of numbers that are codes. The colours can be told apart with
  /// any colour vision.
  private static List<Object> mappings(Unit unit) {
    return switch (unit) {
      case RUN_STATUS ->
          List.of(
              words(
                  "PASS", "#009e73", "FAIL", "#d55e00", "UNKNOWN", "#e69f00", "ERROR", "#cc79a7"));
      case PROPERTY_STATUS ->
          List.of(
              words(
                  "PASS", "#009e73", "FAIL", "#d55e00", "UNKNOWN", "#e69f00", "VACUOUS", "#cc79a7",
                  "SKIPPED", "#9a9a9a"));
      case NUMBER, PER_SECOND, SECONDS, BYTES, BYTES_PER_SECOND, SHARE, CORES -> List.of();
    };
  }

  /// @param pairs a word and a colour for each value from 0 on
  private static Map<String, Object> words(String... pairs) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(
          Integer.toString(i / 2), object("text", pairs[i], "color", pairs[i + 1], "index", i / 2));
    }
    return object("type", "value", "options", values);
  }

  private static Map<String, Object> annotation(Annotation annotation) {
    return object(
        "name", annotation.name(),
        "datasource", PROMETHEUS,
        "enable", true,
        "iconColor", annotation.colour(),
        "expr", annotation.query().text(),
        "titleFormat", annotation.name(),
        "textFormat", annotation.text(),
        "step", "5s");
  }

  private static List<Object> variables(Series sample) {
    List<Object> variables = new ArrayList<>();
    variables.add(
        object(
            "type", "datasource",
            "name", DATASOURCE,
            "label", "Prometheus",
            "query", "prometheus"));
    List<String> before = new ArrayList<>();
    for (String label : sample.scope().chosen()) {
      String chosen = before.isEmpty() ? "" : "{" + String.join(",", before) + "}";
      String query = "label_values(" + sample.name() + chosen + ", " + label + ")";
      variables.add(
          object(
              "type",
              "query",
              "name",
              label,
              "label",
              sample.scope() == Scope.RUNS ? "App" : capital(label),
              "datasource",
              PROMETHEUS,
              "query",
              query,
              "refresh",
              2,
              "sort",
              7,
              "multi",
              true,
              "includeAll",
              true,
              "allValue",
              ".*",
              "current",
              object("text", "All", "value", "$__all")));
      before.add(label + "=~\"$" + label + "\"");
    }
    return variables;
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  /// To the other dashboards of ours, the time kept.
  private static Map<String, Object> link() {
    return object(
        "type",
        "dashboards",
        "title",
        "Gretchen",
        "tags",
        List.of("gretchen"),
        "asDropdown",
        true,
        "includeVars",
        true,
        "keepTime",
        true,
        "targetBlank",
        false,
        "icon",
        "external link",
        "tooltip",
        "",
        "url",
        "");
  }

  /// @param pairs name, value, name, value; in this order they are written
  private static Map<String, Object> object(Object... pairs) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      object.put((String) pairs[i], pairs[i + 1]);
    }
    return object;
  }
}
