package dev.gretchen.dashboards.grafana;

import java.util.List;

/// A dashboard: rows of panels, what its reader may choose, and what is marked on all curves.
///
/// @param uid by which links find it, and so never changes
/// @param file the name of its file
/// @param sample a metric of which every sample has the labels that the reader chooses by
/// @param from where its time range begins, such as `now-15m`
record Dashboard(
    String uid,
    String file,
    String title,
    String description,
    Series sample,
    String from,
    List<Row> rows,
    List<Annotation> annotations) {

  Dashboard {
    rows = List.copyOf(rows);
    annotations = List.copyOf(annotations);
  }

  /// Panels under a heading.
  record Row(String title, List<Panel> panels) {
    Row {
      panels = List.copyOf(panels);
    }

    static Row of(String title, Panel... panels) {
      return new Row(title, List.of(panels));
    }
  }

  /// Moments that are marked: those in which a query has samples.
  ///
  /// @param colour of the mark
  /// @param text with labels in double braces
  record Annotation(String name, Query query, String colour, String text) {}

  List<Panel> panels() {
    return rows.stream().flatMap(row -> row.panels().stream()).toList();
  }
}
