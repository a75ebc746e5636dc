package dev.gretchen.apps.feedchat;

import java.util.regex.Pattern;

/// What names and texts may be. Pure.
///
/// Each rule gives back what it was given, or throws with what is expected; so records are valid
/// because they exist.
public final class Rules {

  /// UTF-16 units of a post.
  public static final int TEXT_MAX = 1_000;

  /// UTF-16 units of the reason of a ban.
  public static final int REASON_MAX = 200;

  private static final Pattern USER = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}");
  private static final Pattern ROOM = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");
  private static final int SHOWN_MAX = 80;

  private Rules() {}

  /// A user's name.
  public static String user(String name) {
    if (!USER.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "expected a user of 1 to 64 letters, digits, '.', '_' and '-', found " + shown(name));
    }
    return name;
  }

  /// A room's name.
  public static String room(String name) {
    if (!ROOM.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "expected a room of 1 to 64 of a to z, 0 to 9 and '-', found " + shown(name));
    }
    return name;
  }

  /// An event id as hex16.
  public static String id(String hex) {
    if (!ID.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          "expected an id of 16 digits of 0 to 9 and a to f, found " + shown(hex));
    }
    return hex;
  }

  /// What a post says.
  public static String text(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("expected a text, found a blank one");
    }
    return plain("text", text, TEXT_MAX);
  }

  /// Why somebody is banned; may be empty.
  public static String reason(String reason) {
    return plain("reason", reason, REASON_MAX);
  }

  private static String plain(String what, String text, int max) {
    if (text.length() > max) {
      throw new IllegalArgumentException(
          "expected a " + what + " of at most " + max + " characters, found " + text.length());
    }
    text.codePoints().forEach(found -> requirePlain(what, found));
    return text;
  }

  /// Half of a surrogate pair is a code point by itself.
  private static void requirePlain(String what, int codePoint) {
    if (Character.isISOControl(codePoint) && codePoint != '\n' && codePoint != '\t') {
      throw new IllegalArgumentException(
          "expected a " + what + " without control characters, found U+" + hex(codePoint));
    }
    if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
      throw new IllegalArgumentException(
          "expected a "
              + what
              + " in whole characters, found half of a surrogate pair, U+"
              + hex(codePoint));
    }
  }

  private static String hex(int codePoint) {
    return "%04X".formatted(codePoint);
  }

  private static String shown(String found) {
    return "'" + found.substring(0, Math.min(found.length(), SHOWN_MAX)) + "'";
  }
}
