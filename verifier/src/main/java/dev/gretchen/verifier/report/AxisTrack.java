package dev.gretchen.verifier.report;

import java.util.List;

/// The labels of the time axis.
record AxisTrack() implements Track {

  private static final int HEIGHT = 22;

  @Override
  public int height() {
    return HEIGHT;
  }

  @Override
  public String description() {
    return "time axis in seconds since the load began";
  }

  @Override
  public void gutter(Html html) {
    Track.gutterText(html, "unit", 14, "seconds");
  }

  @Override
  public void plot(Html html, TimeAxis axis) {
    List<TimeAxis.Tick> ticks = axis.ticks();
    for (int i = 0; i < ticks.size(); i++) {
      double fraction = axis.fraction(ticks.get(i).atMillis());
      String anchor = fraction < 0.012 ? "start" : fraction > 0.985 ? "end" : "middle";
      html.leaf(
          "text",
          ticks.get(i).label(),
          "x",
          TimeAxis.percent(fraction),
          "y",
          "14",
          "class",
          i % 2 == 0 ? "tick" : "tick wide",
          "text-anchor",
          anchor);
    }
  }
}
