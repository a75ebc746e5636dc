package dev.gretchen.verifier.report;

/// Makes text from anywhere (keys, values, messages of exceptions) fit to be shown.
///
/// What it removes: characters that XML 1.0 forbids (control characters and with them the escape
/// sequences of terminals, unpaired surrogates, non-characters) and those that reorder the text
/// around them, since a report must not be made to show other words than it holds.
final class PlainText {

  private PlainText() {}

  /// Keeps line breaks and tabs.
  static String of(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().filter(PlainText::showable).forEach(out::appendCodePoint);
    return out.toString();
  }

  /// On one line: white space of any kind becomes a single space.
  static String line(String text) {
    return of(text).replaceAll("\\s+", " ").strip();
  }

  /// On one line and at most `max` characters, the last of which says that there was more.
  static String shortLine(String text, int max) {
    return clip(line(text), max);
  }

  /// At most `max` UTF-16 units, never half a character.
  static String clip(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = max - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  private static boolean showable(int c) {
    if (c < 0x20) {
      return c == '\n' || c == '\r' || c == '\t';
    }
    boolean c1 = c >= 0x7f && c <= 0x9f;
    boolean surrogate = c >= 0xd800 && c <= 0xdfff;
    boolean noncharacter = (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
    boolean reorders = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    return !(c1 || surrogate || noncharacter || reorders);
  }
}
