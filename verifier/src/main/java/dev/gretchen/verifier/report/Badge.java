package dev.gretchen.verifier.report;

/// A badge for a page: a name and whether it passed, as SVG without any outside reference.
final class Badge {

  private static final int CHARACTER = 7;
  private static final int PADDING = 12;
  private static final int HEIGHT = 20;
  private static final int BASELINE = 14;

  private Badge() {}

  /// @param name of plain characters
  static String render(String name, boolean passes) {
    String state = passes ? "pass" : "refused";
    int left = width(name);
    int right = width(state);
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" role="img" aria-label="%3$s: %4$s">
      <title>%3$s: %4$s</title>
      <rect width="%1$d" height="%2$d" rx="3" fill="#444"/>
      <path d="M%5$d 0h%6$da3 3 0 0 1 3 3v%7$da3 3 0 0 1 -3 3h-%6$dz" fill="%8$s"/>
      <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
        <text x="%9$d" y="%11$d">%3$s</text>
        <text x="%10$d" y="%11$d">%4$s</text>
      </g>
    </svg>
    """
        .formatted(
            left + right,
            HEIGHT,
            name,
            state,
            left,
            right - 3,
            HEIGHT - 6,
            passes ? "#1a7f37" : "#b62324",
            left / 2,
            left + right / 2,
            BASELINE);
  }

  private static int width(String text) {
    return text.length() * CHARACTER + PADDING;
  }
}
