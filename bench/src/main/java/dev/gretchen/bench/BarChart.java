package dev.gretchen.bench;

import java.util.List;
import java.util.Locale;

/// Bars of records a second, a group for each workload, each group on a scale of its own; a line on
/// each bar from the least to the greatest measurement. SVG, for light and dark pages.
final class BarChart {

  private static final int WIDTH = 760;
  private static final int LABELS = 170;
  private static final int VALUES = 130;
  private static final int BAR = 16;
  private static final int STEP = 22;
  private static final int HEAD = 26;
  private static final int MARGIN = 10;

  private final StringBuilder svg = new StringBuilder();

  private BarChart() {}

  static String of(Summary summary) {
    return new BarChart().draw(summary);
  }

  private String draw(Summary summary) {
    int height = MARGIN;
    for (Workload workload : summary.workloads()) {
      height += HEAD + STEP * summary.rows(workload).size() + MARGIN;
    }
    add(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\""
                + " font-family=\"sans-serif\" font-size=\"12\">",
            WIDTH,
            height,
            WIDTH));
    add("<title>Records per second by workload and side</title>");
    add("<style>text{fill:#222}.bar{fill:#8aa4c8}.own{fill:#2f6f4f}.range{stroke:#000}");
    add("@media(prefers-color-scheme:dark){text{fill:#ddd}.range{stroke:#fff}}</style>");
    int y = MARGIN;
    for (Workload workload : summary.workloads()) {
      y = group(workload, summary.rows(workload), y);
    }
    add("</svg>");
    return svg.toString();
  }

  private int group(Workload workload, List<Summary.Row> rows, int top) {
    double most =
        rows.stream()
            .filter(row -> !row.isVoid())
            .mapToDouble(row -> row.spread(RunLine::recordsPerSecond).most())
            .max()
            .orElse(1);
    add(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s, records/s</text>",
            MARGIN,
            top + 14,
            workload.label()));
    int y = top + HEAD;
    for (Summary.Row row : rows) {
      add(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
              LABELS - 8,
              y + 12,
              row.side().label()));
      if (row.isVoid()) {
        add(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">void</text>", LABELS, y + 12));
      } else {
        bar(row, most, y);
      }
      y += STEP;
    }
    return y + MARGIN;
  }

  private void bar(Summary.Row row, double most, int y) {
    Spread rate = row.spread(RunLine::recordsPerSecond);
    double scale = (WIDTH - LABELS - VALUES) / most;
    add(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
            row.side() == Side.ENGINE ? "own" : "bar",
            LABELS,
            y,
            Math.max(1, rate.median() * scale),
            BAR));
    add(
        String.format(
            Locale.ROOT,
            "<line class=\"range\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
            LABELS + rate.least() * scale,
            LABELS + rate.most() * scale,
            y + BAR / 2,
            y + BAR / 2));
    add(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%d\">%,.0f</text>",
            LABELS + rate.most() * scale + 6,
            y + 12,
            rate.median()));
  }

  private void add(String line) {
    svg.append(line).append('\n');
  }
}
