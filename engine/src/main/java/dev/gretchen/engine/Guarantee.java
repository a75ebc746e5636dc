package dev.gretchen.engine;

/// What a worker promises about the effects of an event.
public enum Guarantee {
  /// Outputs, table changes and input offsets become visible together, once.
  EXACTLY_ONCE("exactly-once"),
  /// Table changes and input offsets move together, so tables are exact; outputs go outside the
  /// transaction and can repeat after a crash.
  AT_LEAST_ONCE("at-least-once");

  private final String text;

  Guarantee(String text) {
    this.text = text;
  }

  /// The word used on command lines and in reports.
  public String text() {
    return text;
  }

  /// Reads that word.
  ///
  /// @throws IllegalArgumentException naming what is allowed
  public static Guarantee parse(String text) {
    for (Guarantee guarantee : values()) {
      if (guarantee.text.equals(text)) {
        return guarantee;
      }
    }
    throw new IllegalArgumentException(
        "guarantee: expected exactly-once or at-least-once, found '" + text + "'");
  }
}
