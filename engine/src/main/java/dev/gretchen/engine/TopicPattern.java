package dev.gretchen.engine;

import java.util.regex.Pattern;

/// Names of topics in a hierarchy whose levels are set apart by dots: `nyc.*.chat`.
///
/// A star stands for any part of one level, also within it (`nyc.east-*`), but never for an empty
/// level nor for a dot; two stars as a level stand for one or more levels.
///
/// Immutable.
final class TopicPattern {

  private static final Pattern TEXT = Pattern.compile("[a-zA-Z0-9._*-]{1,200}");
  private static final Pattern PART = Pattern.compile("[^*]+|\\*+");

  private final String text;
  private final Pattern regex;

  /// @throws IllegalArgumentException with what a pattern is
  TopicPattern(String text) {
    if (!TEXT.matcher(text).matches() || text.startsWith(".") || text.endsWith(".")) {
      throw new IllegalArgumentException(
          "topic pattern: expected levels of letters, digits, '_', '-' and '*' with dots between them, as in nyc.*.chat, found '"
              + text
              + "'");
    }
    if (text.indexOf('*') < 0) {
      throw new IllegalArgumentException(
          "topic pattern "
              + text
              + " has no '*', so it is one topic; declare it by app.topic(...)");
    }
    this.text = text;
    this.regex = regex(text);
  }

  /// As the app wrote it.
  String text() {
    return text;
  }

  boolean matches(String topic) {
    return regex.matcher(topic).matches();
  }

  private static Pattern regex(String text) {
    StringBuilder regex = new StringBuilder();
    for (String level : text.split("\\.", -1)) {
      regex.append(regex.isEmpty() ? "" : "\\.");
      if (level.equals("**")) {
        regex.append(".+");
        continue;
      }
      PART.matcher(level)
          .results()
          .forEach(part ->
              regex.append(
                  part.group().startsWith("*")
                      ? level.length() == part.group().length() ? "[^.]+" : "[^.]*"
                      : Pattern.quote(part.group())));
    }
    return Pattern.compile(regex.toString());
  }

  @Override
  public String toString() {
    return text;
  }
}
