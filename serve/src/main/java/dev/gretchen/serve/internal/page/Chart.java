package dev.gretchen.serve.internal.page;

import dev.gretchen.verifier.report.Html;
import dev.gretchen.verifier.report.Phrases;
import java.util.List;
import java.util.Locale;

/// Curves over points in time, as a picture without script: each curve has a colour, a dash and a
/// mark of its own, so that none needs its colour to be told from the others. Pure.
///
/// Points are as far from each other as there are of them, not as their times are: runs come at
/// night and in heaps. What was not measured leaves a gap.
///
/// @param title of the picture
/// @param unit after the numbers of its scale
/// @param labels of the points, the first and last of which stand below
/// @param curves one to four
record Chart(String title, String unit, List<String> labels, List<Curve> curves) {

  private static final double WIDTH = 400;
  private static final double HEIGHT = 170;
  private static final double LEFT = 62;
  private static final double RIGHT = 8;
  private static final double TOP = 12;
  private static final double BOTTOM = 26;
  private static final double MARK = 3;

  /// Where a scale may end, times a power of ten: a fourth of each is a short number.
  private static final double[] ENDS = {1, 2, 2.4, 3.2, 4, 6, 8, 10};

  private static final int LINES = 4;

  Chart {
    labels = List.copyOf(labels);
    curves = List.copyOf(curves);
  }

  /// One curve.
  ///
  /// @param values for each label one, less than 0 where it was not measured
  record Curve(String name, List<Double> values) {
    Curve {
      values = List.copyOf(values);
    }
  }

  /// Whether there is anything to be seen.
  boolean hasValues() {
    return curves.stream().anyMatch(curve -> curve.values().stream().anyMatch(v -> v >= 0));
  }

  void render(Html html) {
    html.open("figure", "class", "chart").open("figcaption").leaf("b", title).text(" ");
    for (int i = 0; i < curves.size(); i++) {
      html.open("span", "class", "key curve-" + i)
          .open("svg", "viewBox", "0 0 28 10", "class", "sample", "aria-hidden", "true")
          .empty("path", "d", "M1 5H27", "class", "line");
      mark(html, i, 14, 5, "");
      html.close().text(" " + curves.get(i).name()).close();
    }
    html.close();
    html.open(
        "svg",
        "viewBox",
        "0 0 %.0f %.0f".formatted(WIDTH, HEIGHT),
        "role",
        "img",
        "aria-label",
        summary());
    double top = scale();
    grid(html, top);
    for (int i = 0; i < curves.size(); i++) {
      curve(html, i, top);
    }
    html.close().close();
  }

  /// For those who do not see it.
  private String summary() {
    StringBuilder text = new StringBuilder(title);
    for (Curve curve : curves) {
      List<Double> measured = curve.values().stream().filter(value -> value >= 0).toList();
      if (!measured.isEmpty()) {
        text.append("; ")
            .append(curve.name())
            .append(" from ")
            .append(figure(measured.getFirst()))
            .append(" to ")
            .append(figure(measured.getLast()));
      }
    }
    return text.toString();
  }

  /// The first end beyond all values.
  private double scale() {
    double most =
        curves.stream()
            .flatMap(curve -> curve.values().stream())
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(0);
    if (most <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(most)));
    for (double end : ENDS) {
      if (end * power >= most) {
        return end * power;
      }
    }
    return 10 * power;
  }

  private void grid(Html html, double top) {
    for (int i = 0; i <= LINES; i++) {
      double value = top * i / LINES;
      String y = round(y(value, top));
      html.empty(
          "line", "x1", round(LEFT), "x2", round(WIDTH - RIGHT), "y1", y, "y2", y, "class", "grid");
      html.leaf("text", figure(value), "x", round(LEFT - 6), "y", y, "class", "scale", "dy", "4");
    }
    if (labels.isEmpty()) {
      return;
    }
    html.leaf("text", labels.getFirst(), "x", round(LEFT), "y", round(HEIGHT - 8));
    if (labels.size() > 1) {
      html.leaf(
          "text",
          labels.getLast(),
          "x",
          round(WIDTH - RIGHT),
          "y",
          round(HEIGHT - 8),
          "class",
          "end");
    }
  }

  private void curve(Html html, int number, double top) {
    Curve curve = curves.get(number);
    html.open("g", "class", "curve-" + number);
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int i = 0; i < curve.values().size(); i++) {
      double value = curve.values().get(i);
      if (value >= 0) {
        path.append(drawing ? 'L' : 'M')
            .append(round(x(i)))
            .append(' ')
            .append(round(y(value, top)));
      }
      drawing = value >= 0;
    }
    if (!path.isEmpty()) {
      html.empty("path", "d", path.toString(), "class", "line");
    }
    for (int i = 0; i < curve.values().size(); i++) {
      double value = curve.values().get(i);
      if (value >= 0) {
        String told = "%s, %s: %s".formatted(labels.get(i), curve.name(), figure(value));
        mark(html, number, x(i), y(value, top), told);
      }
    }
    html.close();
  }

  /// A circle, a square, a diamond or a cross.
  ///
  /// @param told when it is pointed at; empty for nothing
  private static void mark(Html html, int number, double x, double y, String told) {
    String path =
        switch (number % 4) {
          case 0 -> "m-%1$s 0a%1$s %1$s 0 1 0 %2$s 0a%1$s %1$s 0 1 0 -%2$s 0";
          case 1 -> "m-%1$s -%1$sh%2$sv%2$sh-%2$sz";
          case 2 -> "m0 -%1$sl%1$s %1$sl-%1$s %1$sl-%1$s -%1$sz";
          default -> "m-%1$s -%1$sl%2$s %2$sm0 -%2$sl-%2$s %2$s";
        };
    html.open(
        "path",
        "d",
        "M%s %s".formatted(round(x), round(y)) + path.formatted(round(MARK), round(2 * MARK)),
        "class",
        "mark");
    if (!told.isEmpty()) {
      html.leaf("title", told);
    }
    html.close();
  }

  private double x(int i) {
    int steps = Math.max(1, labels.size() - 1);
    double share = labels.size() == 1 ? 0.5 : i / (double) steps;
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double value, double top) {
    return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
  }

  private static String round(double coordinate) {
    return String.format(Locale.ROOT, "%.1f", coordinate);
  }

  private String figure(double value) {
    String number =
        value == Math.rint(value)
            ? Phrases.compact(Math.round(value))
            : String.format(Locale.ROOT, "%.2f", value);
    return unit.isEmpty() ? number : number + " " + unit;
  }
}
