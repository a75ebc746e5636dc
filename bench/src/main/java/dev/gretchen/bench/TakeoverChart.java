package dev.gretchen.bench;

import java.util.Locale;

/// A dot for each fault by the silence of the victim's partitions, on one logarithmic scale; a line
/// at each side's median, a hollow dot for the calm before. SVG, for light and dark pages.
final class TakeoverChart {

  private static final int WIDTH = 760;
  private static final int LABELS = 170;
  private static final int MARGIN = 10;
  private static final int ROW = 60;
  private static final int HEAD = 30;
  private static final long LEAST = 10;
  private static final long MOST = 100_000;
  private static final int LANES = 9;

  private final StringBuilder svg = new StringBuilder();

  private TakeoverChart() {}

  static String of(TakeoverSummary summary) {
    return new TakeoverChart().draw(summary);
  }

  private String draw(TakeoverSummary summary) {
    int height = HEAD + ROW * summary.rows().size() + MARGIN;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
            + " role=\"img\" font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, height, WIDTH);
    add("<title>Silence of the victim's partitions after %s</title>", summary.fault().label());
    add("<style>text{fill:#222}.dot{fill:#8aa4c8}.own{fill:#2f6f4f}.calm{fill:none;stroke:#999}");
    add(".grid{stroke:#bbb}.median{stroke:#000;stroke-width:2}");
    add("@media(prefers-color-scheme:dark){text{fill:#ddd}.median{stroke:#fff}");
    add(".grid{stroke:#555}}</style>");
    for (long millis = LEAST; millis <= MOST; millis *= 10) {
      add(
          "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
          x(millis), x(millis), HEAD - 6, height - MARGIN);
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x(millis), HEAD - 12, millis < 1_000 ? millis + " ms" : millis / 1_000 + " s");
    }
    int top = HEAD;
    for (TakeoverSummary.Row row : summary.rows()) {
      row(row, top);
      top += ROW;
    }
    add("</svg>");
    return svg.toString();
  }

  private void row(TakeoverSummary.Row row, int top) {
    int middle = top + ROW / 2;
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
        LABELS - 14, middle + 4, row.side().label());
    if (row.isVoid()) {
      add("<text x=\"%d\" y=\"%d\">void</text>", LABELS, middle + 4);
      return;
    }
    int number = 0;
    for (TakeoverLine line : row.lines()) {
      // lanes, so that equal ones do not hide each other
      double y = middle + (number++ % LANES - LANES / 2) * 4.5;
      add("<circle class=\"calm\" cx=\"%.1f\" cy=\"%.1f\" r=\"2\"/>", x(line.usual()), y);
      add(
          "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>",
          row.side() == TakeoverSide.ENGINE ? "own" : "dot", x(line.silence()), y);
    }
    double median = x(row.percentile(0.5, TakeoverLine::silence));
    add(
        "<line class=\"median\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
        median, median, top + 4, top + ROW - 4);
  }

  private static double x(long millis) {
    double part =
        Math.log((double) Math.clamp(millis, LEAST, MOST) / LEAST)
            / Math.log((double) MOST / LEAST);
    return LABELS + part * (WIDTH - LABELS - 3 * MARGIN);
  }

  @SuppressWarnings("AnnotateFormatMethod") // every format is a constant of this class
  private void add(String format, Object... values) {
    svg.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
