package dev.gretchen.verifier.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Curves over a common scale: the rates, or the lag.
///
/// @param unit of the values
/// @param curves at least one
record CurveTrack(String unit, List<Curve> curves) implements Track {

  /// @param look CSS class: `input` and `lag` are areas, any other a line
  record Curve(String name, String look, List<Long> values) {}

  private static final int HEIGHT = 104;
  private static final int TOP = 12;
  private static final int BASE = 94;

  /// The curves are drawn in a box of this size, which the browser stretches to the plot.
  private static final int BOX_WIDTH = 10_000;

  private static final int BOX_HEIGHT = 1_000;
  private static final int HOVERS_MAX = 120;

  CurveTrack {
    curves = List.copyOf(curves);
  }

  @Override
  public int height() {
    return HEIGHT;
  }

  @Override
  public String description() {
    return curves.stream()
        .map(curve ->
            curve.name() + " in " + unit + ", at most " + Phrases.number(most(curve.values())))
        .collect(Collectors.joining("; "));
  }

  @Override
  public void gutter(Html html) {
    int y = TOP + 20;
    Track.gutterText(html, "scale", TOP + 4, Phrases.compact(top()));
    for (Curve curve : curves) {
      y += 15;
      Track.gutterText(html, "name key-" + curve.look(), y, PlainText.shortLine(curve.name(), 14));
    }
    Track.gutterText(html, "unit", y + 14, unit);
    Track.gutterText(html, "scale", BASE + 3, "0");
  }

  @Override
  public void plot(Html html, TimeAxis axis) {
    for (int y : new int[] {TOP, (TOP + BASE) / 2, BASE}) {
      html.empty(
          "line", "class", "grid", "x2", "100%", "y1", Track.px(y + 0.5), "y2", Track.px(y + 0.5));
    }
    html.open(
        "svg",
        "y",
        Integer.toString(TOP),
        "width",
        "100%",
        "height",
        Integer.toString(BASE - TOP),
        "viewBox",
        "0 0 " + BOX_WIDTH + " " + BOX_HEIGHT,
        "preserveAspectRatio",
        "none");
    curves.forEach(curve -> curve(html, axis, curve));
    html.close();
    hovers(html, axis);
  }

  private void curve(Html html, TimeAxis axis, Curve curve) {
    List<String> points = new ArrayList<>();
    for (Downsample.Point point : Downsample.points(curve.values())) {
      points.add(x(axis, point.index()) + "," + y(point.value()));
    }
    if (points.isEmpty()) {
      return;
    }
    boolean area = curve.look().equals("input") || curve.look().equals("lag");
    if (area) {
      String first = points.getFirst().substring(0, points.getFirst().indexOf(','));
      String last = points.getLast().substring(0, points.getLast().indexOf(','));
      points.addFirst(first + "," + BOX_HEIGHT);
      points.addLast(last + "," + BOX_HEIGHT);
    }
    html.empty(
        "polyline",
        "class",
        "curve " + curve.look() + (area ? " area" : ""),
        "points",
        String.join(" ", points));
  }

  /// Invisible columns that tell the values under the pointer.
  private void hovers(Html html, TimeAxis axis) {
    int seconds = curves.stream().mapToInt(curve -> curve.values().size()).reduce(0, Math::max);
    int step = Math.max(1, Math.ceilDiv(seconds, HOVERS_MAX));
    for (int from = 0; from < seconds; from += step) {
      long start = axis.startMillis() + from * 1000L;
      if (!axis.holds(start)) {
        return;
      }
      double x = axis.fraction(start);
      double width = axis.fraction(start + step * 1000L) - x;
      html.open(
          "rect",
          "class",
          "hover",
          "x",
          TimeAxis.percent(x),
          "width",
          TimeAxis.percent(width),
          "height",
          Integer.toString(HEIGHT));
      html.leaf("title", axis.moment(start) + ": " + values(from, from + step)).close();
    }
  }

  private String values(int from, int to) {
    return curves.stream()
        .filter(curve -> curve.values().size() > from)
        .map(curve ->
            curve.name()
                + " "
                + Phrases.number(
                    most(curve.values().subList(from, Math.min(to, curve.values().size())))))
        .collect(Collectors.joining(", "));
  }

  private static long x(TimeAxis axis, int second) {
    return Math.round(axis.fraction(axis.startMillis() + second * 1000L + 500) * BOX_WIDTH);
  }

  private long y(long value) {
    return BOX_HEIGHT - Math.round(Math.max(0, value) / (double) top() * BOX_HEIGHT);
  }

  /// The value at the upper end of the scale: 1, 2, 2.5 or 5 times a power of ten.
  private long top() {
    long most = Math.max(4, curves.stream().mapToLong(c -> most(c.values())).reduce(0, Math::max));
    double power = Math.pow(10, Math.floor(Math.log10((double) most)));
    for (double step : new double[] {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8}) {
      if (most <= step * power) {
        return Math.round(step * power);
      }
    }
    return Math.round(10 * power);
  }

  private static long most(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).reduce(0, Math::max);
  }
}
