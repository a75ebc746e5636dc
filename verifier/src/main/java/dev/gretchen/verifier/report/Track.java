package dev.gretchen.verifier.report;

/// One band of the timeline picture: a gutter with its labels at the left, the plot at the right.
///
/// Vertical measures are pixels. Horizontal ones in the plot are percentages, in the gutter pixels
/// from its right edge.
interface Track {

  /// Room for text in the narrowest plot that still shows all labels, in pixels.
  double WIDE = 740;

  /// Room for text in the plot of a phone, in pixels.
  double NARROW = 260;

  /// How wide a character of a label is at the most, in pixels.
  double CHARACTER = 6.4;

  int height();

  /// What a screen reader says in place of the picture.
  String description();

  void gutter(Html html);

  void plot(Html html, TimeAxis axis);

  /// A label in the gutter, aligned to the right.
  static void gutterText(Html html, String cssClass, int y, String text) {
    html.leaf("text", text, "x", "100%", "dx", "-10", "y", Integer.toString(y), "class", cssClass);
  }

  static String px(double value) {
    long tenths = Math.round(value * 10);
    return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
  }
}
