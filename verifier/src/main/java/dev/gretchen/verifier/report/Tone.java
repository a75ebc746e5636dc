package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Status;

/// How a status or an outcome looks on a page: its colour, and an icon for those who do not see it.
///
/// The name in lower case is the CSS class; the path is drawn in a box of 16 by 16.
public enum Tone {
  GOOD("M3 8.5l3.3 3.3L13 5"),
  BAD("M4 4l8 8M12 4l-8 8"),
  OPEN("M5.5 6a2.5 2.5 0 1 1 3.7 2.2c-.9.5-1.2.9-1.2 1.9M8 13v.1"),
  VOID("M8 3.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M4 13l8-10"),
  BROKEN("M8 3v6.5M8 13v.1"),
  IDLE("M4 8h8");

  private final String path;

  Tone(String path) {
    this.path = path;
  }

  /// Of a property.
  public static Tone of(Status status) {
    return switch (status) {
      case PASS -> GOOD;
      case FAIL -> BAD;
      case UNKNOWN -> OPEN;
      case VACUOUS -> VOID;
      case SKIPPED -> IDLE;
    };
  }

  /// Of a run.
  public static Tone of(Outcome outcome) {
    return switch (outcome) {
      case PASS -> GOOD;
      case FAIL -> BAD;
      case UNKNOWN -> OPEN;
      case VACUOUS -> VOID;
      case HARNESS_ERROR -> BROKEN;
    };
  }

  /// The class of whatever has this colour.
  public String cssClass() {
    return Words.lower(this);
  }

  /// Draws the icon alone; a word must stand beside it.
  void icon(Html html) {
    html.open("svg", "class", "icon", "viewBox", "0 0 16 16", "aria-hidden", "true")
        .empty("path", "d", path)
        .close();
  }

  /// Draws icon and word as a chip.
  public void chip(Html html, String word) {
    html.open("span", "class", "chip " + cssClass());
    icon(html);
    html.text(word).close();
  }
}
