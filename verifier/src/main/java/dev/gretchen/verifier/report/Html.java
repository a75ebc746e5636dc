package dev.gretchen.verifier.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/// Writes HTML and inline SVG that is well-formed XML too: every text and attribute is escaped,
/// every element is closed in order. There is no way to pass text through unescaped, but for the
/// stylesheet.
///
/// Attributes are given as name, value, name, value.
public final class Html {

  /// Elements after whose end a line break changes nothing on the page.
  private static final Set<String> BREAK_AFTER =
      Set.of(
          "head",
          "meta",
          "title",
          "link",
          "style",
          "header",
          "main",
          "section",
          "div",
          "p",
          "h1",
          "h2",
          "h3",
          "ul",
          "li",
          "dl",
          "dt",
          "dd",
          "table",
          "caption",
          "thead",
          "tbody",
          "tr",
          "pre",
          "details",
          "summary",
          "footer",
          "rect",
          "line",
          "polyline",
          "defs",
          "pattern");

  private final StringBuilder out;
  private final Deque<String> open = new ArrayDeque<>();

  /// A whole document.
  public Html() {
    this("<!DOCTYPE html>\n");
  }

  private Html(String head) {
    this.out = new StringBuilder(head);
  }

  /// A part of a document that somebody else has.
  static Html fragment() {
    return new Html("");
  }

  /// Begins an element.
  public Html open(String tag, String... attributes) {
    start(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  /// Ends the element that was begun last.
  public Html close() {
    String tag = open.pop();
    out.append("</").append(tag).append('>');
    lineBreakAfter(tag);
    return this;
  }

  /// An element with nothing but text in it.
  public Html leaf(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /// An element with nothing in it.
  public Html empty(String tag, String... attributes) {
    start(tag, attributes);
    out.append("/>");
    lineBreakAfter(tag);
    return this;
  }

  /// Text within the element that was begun last.
  public Html text(String text) {
    escape(PlainText.of(text));
    return this;
  }

  /// The one text that is not escaped: ours, and free of `<`, `&` and quotes that matter.
  Html stylesheet(String css) {
    if (css.indexOf('<') >= 0 || css.indexOf('&') >= 0) {
      throw new IllegalArgumentException("a stylesheet must not hold markup");
    }
    out.append("<style>\n").append(css).append("</style>\n");
    return this;
  }

  /// The document or fragment, once all of its elements are closed.
  public String document() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("elements left open: " + open);
    }
    return out.toString();
  }

  private void start(String tag, String... attributes) {
    if (attributes.length % 2 != 0) {
      throw new IllegalArgumentException("an attribute of <" + tag + "> has no value");
    }
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(PlainText.of(attributes[i + 1]));
      out.append('"');
    }
  }

  private void lineBreakAfter(String tag) {
    if (BREAK_AFTER.contains(tag)) {
      out.append('\n');
    }
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }
}
