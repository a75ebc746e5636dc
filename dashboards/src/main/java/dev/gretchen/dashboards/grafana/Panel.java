package dev.gretchen.dashboards.grafana;

import java.util.ArrayList;
import java.util.List;

/// One picture of a dashboard. Immutable; `with...` and `draw` give another.
///
/// @param description what it shows and when to worry, in a sentence or two
/// @param width of 24 columns
record Panel(
    String title, String description, Look look, Unit unit, int width, List<Target> targets) {

  private static final int HALF = 12;
  private static final int COLUMNS = 24;

  /// How it is drawn.
  enum Look {
    CURVES("timeseries", 8),
    /// Curves on top of each other, whose sum means something.
    STACK("timeseries", 8),
    NUMBER("stat", 4),
    /// A row for each sample, with a word and a colour for each value.
    STATES("state-timeline", 8),
    BARS("bargauge", 8),
    TABLE("table", 9);

    private final String plugin;
    private final int height;

    Look(String plugin, int height) {
      this.plugin = plugin;
      this.height = height;
    }

    /// Grafana's name for it.
    String plugin() {
      return plugin;
    }

    /// In rows of the grid.
    int height() {
      return height;
    }

    boolean isInstant() {
      return this == BARS || this == TABLE;
    }
  }

  /// What its numbers are.
  enum Unit {
    NUMBER("short"),
    PER_SECOND("suffix:/s"),
    SECONDS("s"),
    BYTES("bytes"),
    BYTES_PER_SECOND("Bps"),
    SHARE("percentunit"),
    CORES("suffix: cores"),
    RUN_STATUS("none"),
    PROPERTY_STATUS("none");

    private final String id;

    Unit(String id) {
      this.id = id;
    }

    /// Grafana's name for it.
    String id() {
      return id;
    }
  }

  /// One query of a panel.
  ///
  /// @param ref unique in the panel, `A`, `B`, ...
  /// @param legend a curve's name, with labels in double braces
  record Target(String ref, Query query, String legend) {}

  Panel {
    targets = List.copyOf(targets);
    if (width < 1 || width > COLUMNS) {
      throw new IllegalArgumentException("a panel is 1 to 24 columns wide, not " + width);
    }
  }

  static Panel curves(String title, Unit unit, String description) {
    return new Panel(title, description, Look.CURVES, unit, HALF, List.of());
  }

  static Panel stack(String title, Unit unit, String description) {
    return new Panel(title, description, Look.STACK, unit, HALF, List.of());
  }

  static Panel number(String title, Unit unit, String description) {
    return new Panel(title, description, Look.NUMBER, unit, COLUMNS / 6, List.of());
  }

  static Panel states(String title, Unit unit, String description) {
    return new Panel(title, description, Look.STATES, unit, HALF, List.of());
  }

  static Panel bars(String title, Unit unit, String description) {
    return new Panel(title, description, Look.BARS, unit, HALF, List.of());
  }

  static Panel table(String title, Unit unit, String description) {
    return new Panel(title, description, Look.TABLE, unit, COLUMNS, List.of());
  }

  Panel withWidth(int columns) {
    return new Panel(title, description, look, unit, columns, targets);
  }

  /// With one more query.
  Panel draw(Query query, String legend) {
    List<Target> more = new ArrayList<>(targets);
    String ref = Character.toString((char) ('A' + targets.size()));
    more.add(new Target(ref, query, legend));
    return new Panel(title, description, look, unit, width, more);
  }
}
